using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Sequencing;

/// <summary>
/// The first record of a term, decided and written for nobody while a daemon stands by. What that takes is loaded and compiled then, and not
/// at the take-over, for which a whole pool waits: it was the greater part of a processor's work between the end of the old lease and the new term.
/// </summary>
internal static class TakeoverWarmup
{
    public static void Run(DecideFunction decide, PoolSettings settings, TimeProvider time)
    {
        var (state, input, at) = (new PoolState(), new StartedInput(1, settings), time.GetUtcNow().ToUnixTimeMilliseconds());
        var record = new PoolRecord(1, at, 1, input, PoolFacts.None, decide(state, input, PoolFacts.None, at).Events);
        _ = new RecordWriter().Write(record, JournalHead.Empty.Hash);
        state.Apply(record.Sequence, record.At, record.Events);
        new AnnouncementBatch().Add(record, state);
    }
}
