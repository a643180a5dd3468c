using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// What time it is for the pool, as its announcements tell: leases, limits and deadlines are the pool's times, and a party
/// whose own clock is off by more than a lease would lose every claim that it has to renew.
/// </summary>
/// <remarks>
/// Thread-safe. Messages come late, never early, and old ones may be said again: so the latest time that anyone could have
/// told counts, and between two messages this machine's monotonic clock goes on from there. Before anything was heard it is
/// this machine's own time of day. A pool whose clock was ahead and was set right runs slower for a while, and is followed: what it newly decides,
/// and nobody can say again, tells the latest time that it can be. Another may take its place, to see what becomes of one that goes wrong.
/// </remarks>
internal class PoolClock(TimeProvider time)
{
    /// <summary>For so long the latest of what is newly decided is looked for; less than half of the usual lease, so that the time is never off by more.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly long begun = time.GetTimestamp();
    private long? offset; // The pool's time when this clock began.
    private long? latest; // The same by what was newly decided since the window began.
    private TimeSpan windowBegan;
    private long newest;

    /// <summary>The pool's time, unix milliseconds; behind it by a message's way and less than a second.</summary>
    public virtual long NowMs
    {
        get
        {
            lock (gate)
            {
                return offset is { } known ? known + (long)Elapsed.TotalMilliseconds : time.GetUtcNow().ToUnixTimeMilliseconds();
            }
        }
    }

    /// <summary>Hears what the pool signed.</summary>
    public void Hear(Snapshot said)
    {
        var position = said switch
        {
            Announcement announcement => announcement.ToSequence,
            PoolStateSnapshot state => state.Sequence,
            _ => 0,
        };
        lock (gate)
        {
            var elapsed = Elapsed;
            var told = (said.Timestamp * 1000) - (long)elapsed.TotalMilliseconds;
            offset = Math.Max(offset ?? told, told);
            if (position > newest)
            {
                newest = position;
                Follow(told, elapsed);
            }
        }
    }

    private TimeSpan Elapsed => time.GetElapsedTime(begun);

    private void Follow(long told, TimeSpan elapsed)
    {
        if (elapsed - windowBegan >= Window)
        {
            offset = Math.Max(latest ?? told, told);
            (latest, windowBegan) = (null, elapsed);
        }

        latest = Math.Max(latest ?? told, told);
    }
}
