using System.Collections.Concurrent;
using SwarmPool.Identity;

namespace SwarmPool.Runtime.Daemon.Observing;

/// <summary>
/// When miners were last heard of. Soft: lost with the process, never part of the pool's state or of any decision.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MinerPresence(IDaemonObserver observer, TimeProvider time)
{
    /// <summary>A miner is offline after this long without a heartbeat, times the published interval over 30 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Names that are remembered until the next count, which forgets those that are no miners'. Beyond that new ones wait for it.</summary>
    public const int MostNames = 200_000;

    private readonly ConcurrentDictionary<EnsName, long> seen = new();
    private int count; // What the dictionary holds; asking it takes all of its locks.

    /// <summary>How often miners should send heartbeats: 30 s, more when they are many, so that the daemon hears at most ~100 a second.</summary>
    public static int HeartbeatSeconds(int miners) => Math.Max(30, miners / 100);

    /// <summary>How many names are remembered.</summary>
    public int Count => seen.Count;

    public void Seen(EnsName miner)
    {
        if (seen.TryGetValue(miner, out var before))
        {
            seen.TryUpdate(miner, time.GetTimestamp(), before);
        }
        else if (Volatile.Read(ref count) < MostNames && seen.TryAdd(miner, time.GetTimestamp()))
        {
            Interlocked.Increment(ref count);
        }
    }

    /// <summary>
    /// Counts the miners heard of lately; the others are offline from now on, which the observer is told once. Anybody with a
    /// name may send heartbeats; only miners count.
    /// </summary>
    public int CountOnline(int heartbeatSeconds, Func<EnsName, bool> isMiner)
    {
        var patience = Patience * (heartbeatSeconds / 30.0);
        var online = 0;
        foreach (var (miner, at) in seen)
        {
            if (isMiner(miner) && time.GetElapsedTime(at) <= patience)
            {
                online++;
            }
            else if (seen.TryRemove(new KeyValuePair<EnsName, long>(miner, at)))
            {
                Interlocked.Decrement(ref count);
                if (isMiner(miner))
                {
                    observer.MinerOffline(miner);
                }
            }
        }

        return online;
    }
}
