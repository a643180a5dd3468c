using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// What time it is for the pool, as its announcements tell: leases, limits and deadlines are the pool's times, and a party
/// whose own clock is off by more than a lease would lose every claim that it has to renew.
/// </summary>
/// <remarks>
/// Thread-safe. Messages come late, never early, and old ones may be said again: so the latest time that anyone could have
/// told counts, and between two messages this machine's monotonic clock goes on from there. Before anything was heard it is
/// this machine's own time of day. Another may take its place, to see what becomes of one that goes wrong.
/// </remarks>
internal class PoolClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private long toldMs;
    private long toldAt;

    /// <summary>The pool's time, unix milliseconds; behind it by a message's way and less than a second.</summary>
    public virtual long NowMs
    {
        get
        {
            lock (gate)
            {
                return toldMs == 0 ? time.GetUtcNow().ToUnixTimeMilliseconds() : Estimate();
            }
        }
    }

    /// <summary>Hears what the pool signed.</summary>
    public void Hear(Snapshot said)
    {
        var saidMs = said.Timestamp * 1000;
        lock (gate)
        {
            if (toldMs == 0 || saidMs > Estimate())
            {
                toldMs = saidMs;
                toldAt = time.GetTimestamp();
            }
        }
    }

    private long Estimate() => toldMs + (long)time.GetElapsedTime(toldAt).TotalMilliseconds;
}
