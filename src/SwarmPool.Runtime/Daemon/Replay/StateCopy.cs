using SwarmPool.Core.Pool;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>A copy of the state beside the journal, signed, so that the next start has less to replay. Only a cache.</summary>
internal static class StateCopy
{
    public static (long Sequence, string Format, byte[] Body) Take(PoolState state) => (state.Sequence, StateCodec.FormatOf(state), StateCodec.Encode(state));

    public static async ValueTask SaveAsync(IPoolJournal journal, JournalLease lease, CopySeal seal, (long Sequence, string Format, byte[] Body) copy)
    {
        await foreach (var record in journal.ReadAsync(copy.Sequence, CancellationToken.None))
        {
            var signed = await seal.SignAsync(new StateSnapshot(copy.Format, copy.Sequence, record.Hash, copy.Body), CancellationToken.None);
            await journal.SaveSnapshotAsync(lease, signed, CancellationToken.None);
            return;
        }
    }
}
