using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// A heartbeat counts once, and only if it is not older than the last of its name: a heartbeat that somebody recorded
/// can't hold a dead miner's claim. Kept in memory only, and bounded.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HeartbeatDeduplicator
{
    private const int MaxNames = 200_000;

    // A miner with parallel jobs sends one heartbeat a job in the same second.
    private const int MaxASecond = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<EnsName, Last> lasts = [];

    public bool TryTake(EnsName miner, long timestamp, Cid heartbeat)
    {
        lock (gate)
        {
            if (!lasts.TryGetValue(miner, out var last) || timestamp > last.Timestamp)
            {
                if (lasts.Count >= MaxNames)
                {
                    lasts.Clear();
                }

                lasts[miner] = new Last(timestamp, [heartbeat]);
                return true;
            }

            if (timestamp < last.Timestamp || last.Seen.Count >= MaxASecond || last.Seen.Contains(heartbeat))
            {
                return false;
            }

            last.Seen.Add(heartbeat);
            return true;
        }
    }

    private sealed record Last(long Timestamp, List<Cid> Seen);
}
