using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Status;

/// <summary>How an epoch was settled.</summary>
/// <param name="EpochId">The epoch, e.g. "epoch-7".</param>
/// <param name="Policy">The policy's name and version.</param>
/// <param name="PolicyReplaced">Whether it replaced the policy that the pool ran when the epoch closed.</param>
public sealed record SettlementStatus(string EpochId, string Policy, bool PolicyReplaced)
{
    internal static async ValueTask<SettlementStatus?> LastAsync(IPoolJournal journal, PoolState state, CancellationToken cancellationToken)
    {
        // An epoch is settled while a later one is open, so its settlement is not among its own records.
        if ((state.Epochs.Closed.FirstOrDefault() ?? state.Epochs.Open) is not { } from)
        {
            return null;
        }

        SettlementStatus? last = null;
        await foreach (var stored in journal.ReadAsync(from.FromSequence, cancellationToken))
        {
            // Events alone are quick to read; the facts are read of the few records that settle an epoch.
            if (RecordCodec.Decode(stored, withInput: false).Events.OfType<EpochSettled>().FirstOrDefault() is { } settled
                && RecordCodec.Decode(stored, withInput: true).Facts.Settlement is { } fact)
            {
                last = new(EpochAccount.IdOf(settled.Number), $"{fact.Policy.Name} {fact.Policy.Version}", fact.Replaced);
            }
        }

        return last;
    }
}
