using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// A heartbeat counts once, and only if it is not older than the last of its name by the same key: a heartbeat that somebody recorded
/// can't hold a dead miner's claim, and one that a stolen key dated ahead holds up none by another key. Kept in memory only, and bounded:
/// when it is full, those that were heard longest ago are forgotten.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HeartbeatDeduplicator(int most = HeartbeatDeduplicator.MostKeys)
{
    /// <summary>Names and keys that are remembered.</summary>
    public const int MostKeys = 200_000;

    /// <summary>Heartbeats of one second that are remembered, of all keys.</summary>
    public const int MostSeen = 1_000_000;

    // A miner with parallel jobs sends one heartbeat a job in the same second.
    private const int MaxASecond = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<(EnsName Miner, EthAddress Key), Last> lasts = [];
    private int seen;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return lasts.Count;
            }
        }
    }

    public bool TryTake(EnsName miner, EthAddress key, long timestamp, Cid heartbeat)
    {
        lock (gate)
        {
            if (!lasts.TryGetValue((miner, key), out var last) || timestamp > last.Timestamp)
            {
                if ((lasts.Count >= most && last is null) || seen >= MostSeen)
                {
                    Crowding.Thin(lasts, static one => one.Timestamp);
                    seen = lasts.Values.Sum(static one => one.Seen.Count);
                }

                seen += 1 - (lasts.TryGetValue((miner, key), out var replaced) ? replaced.Seen.Count : 0);
                lasts[(miner, key)] = new Last(timestamp, [DigestOf(heartbeat)]);
                return true;
            }

            if (timestamp < last.Timestamp || last.Seen.Count >= MaxASecond || last.Seen.Contains(DigestOf(heartbeat)))
            {
                return false;
            }

            last.Seen.Add(DigestOf(heartbeat));
            seen++;
            return true;
        }
    }

    private static ulong DigestOf(Cid heartbeat)
    {
        Span<byte> digest = stackalloc byte[32];
        heartbeat.CopyDigestTo(digest);
        return BitConverter.ToUInt64(digest);
    }

    private sealed record Last(long Timestamp, List<ulong> Seen);
}
