using SwarmPool.Core.Pool;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>A copy of the state beside the journal, signed, so that the next start has less to replay. Only a cache.</summary>
internal static class StateCopy
{
    public static StateSnapshot Take(PoolState state, JournalHead head) => new(StateCodec.FormatOf(state), head.Sequence, head.Hash, StateCodec.Encode(state));

    public static async ValueTask SaveAsync(IPoolJournal journal, JournalLease lease, CopySeal seal, StateSnapshot copy) =>
        await journal.SaveSnapshotAsync(lease, await seal.SignAsync(copy, CancellationToken.None), CancellationToken.None);
}
