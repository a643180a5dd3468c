using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>
/// The state that a journal leads to: its newest snapshot, if it can be used, and the events of the records after it.
/// Nothing is judged again.
/// </summary>
internal static class JournalReplay
{
    /// <param name="Replayed">How many records were applied; the rest were in the snapshot.</param>
    public sealed record Result(PoolState State, JournalHead Head, long Replayed);

    /// <param name="journal">The journal.</param>
    /// <param name="ahead">Where records are read and decoded while those before them are applied.</param>
    /// <param name="logger">Is told why a snapshot can't be used.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<Result> RestoreAsync(IPoolJournal journal, TaskScheduler ahead, ILogger logger, CancellationToken cancellationToken)
    {
        var (state, copied) = await FromCopyAsync(journal, logger, cancellationToken);
        var (head, replayed) = await AdvanceAsync(journal, state, copied, ahead, null, cancellationToken);
        return new Result(state, head, replayed);
    }

    /// <summary>
    /// Applies to a state at <paramref name="head"/> the records after it, each checked to follow the one before; <paramref name="applied"/>
    /// is told of them as they are.
    /// </summary>
    public static async ValueTask<(JournalHead Head, long Applied)> AdvanceAsync(
        IPoolJournal journal, PoolState state, JournalHead head, TaskScheduler ahead, Action<IReadOnlyList<StoredRecord>>? applied, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var chunk in RecordsAhead.ReadAsync(journal, state.Sequence + 1, ahead, cancellationToken))
        {
            foreach (var (record, stored) in chunk)
            {
                CheckFollows(journal, head, stored);
                state.Apply(record.Sequence, record.At, record.Events);
                head = new JournalHead(stored.Sequence, stored.Hash);
                count++;
            }

            applied?.Invoke(chunk);
        }

        return (head, count);
    }

    private static void CheckFollows(IPoolJournal journal, JournalHead head, JournalRecord stored)
    {
        if (stored.Sequence != head.Sequence + 1 || !stored.Previous.Span.SequenceEqual(head.Hash.Span))
        {
            throw new SwarmPoolException(ErrorCodes.JournalDamaged, string.Create(
                CultureInfo.InvariantCulture,
                $"Record {stored.Sequence} of {journal.Location} does not follow record {head.Sequence}. Restore the journal from a backup."));
        }
    }

    // The copy is only a cache: whatever is wrong with it, the journal itself decides.
    private static async ValueTask<(PoolState State, JournalHead Head)> FromCopyAsync(
        IPoolJournal journal, ILogger logger, CancellationToken cancellationToken)
    {
        if (await journal.LoadSnapshotAsync(cancellationToken) is not { } copy)
        {
            return (new PoolState(), JournalHead.Empty);
        }

        var (state, why) = Read(copy);
        if (state is not null && await HoldsAsync(journal, copy, cancellationToken))
        {
            return (state, new JournalHead(copy.Sequence, copy.Hash));
        }

        DaemonLog.CopyNotUsed(logger, copy.Sequence, why ?? "the journal does not hold the record that it was made at");
        return (new PoolState(), JournalHead.Empty);
    }

    private static (PoolState? State, string? Why) Read(StateSnapshot copy)
    {
        if (!StateCodec.Reads(copy.Format))
        {
            return (null, $"its format '{copy.Format}' is none that this program reads");
        }

        try
        {
            var state = StateCodec.Decode(copy.Body.Span);
            return state.Sequence == copy.Sequence ? (state, null) : (null, $"it is of record {state.Sequence}");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException)
        {
            return (null, e.Message);
        }
    }

    private static async ValueTask<bool> HoldsAsync(IPoolJournal journal, StateSnapshot copy, CancellationToken cancellationToken)
    {
        await foreach (var record in journal.ReadAsync(copy.Sequence, cancellationToken))
        {
            return record.Sequence == copy.Sequence && record.Hash.Span.SequenceEqual(copy.Hash.Span);
        }

        return false;
    }
}

/// <summary>A copy of the state beside the journal, so that the next start has less to replay. Only a cache.</summary>
internal static class StateCopy
{
    public static (long Sequence, string Format, byte[] Body) Take(PoolState state) => (state.Sequence, StateCodec.FormatOf(state), StateCodec.Encode(state));

    public static async ValueTask SaveAsync(IPoolJournal journal, JournalLease lease, (long Sequence, string Format, byte[] Body) copy)
    {
        await foreach (var record in journal.ReadAsync(copy.Sequence, CancellationToken.None))
        {
            await journal.SaveSnapshotAsync(lease, new StateSnapshot(copy.Format, copy.Sequence, record.Hash, copy.Body), CancellationToken.None);
            return;
        }
    }
}
