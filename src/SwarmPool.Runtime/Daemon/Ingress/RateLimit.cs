using SwarmPool.Runtime.Collections;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>A token bucket for each key: so many a second, twice as many at once. Memory is bounded.</summary>
/// <remarks>
/// Thread-safe. Not System.Threading.RateLimiting: its buckets refill by a clock of their own, and here time is injected.
/// </remarks>
internal sealed class RateLimit<TKey>(double perSecond, TimeProvider time, int most = RateLimits.MostKeys)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Bucket> buckets = [];

    /// <summary>How many keys are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return buckets.Count;
            }
        }
    }

    private double Burst => perSecond * 2;

    public bool TryTake(TKey key)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (!buckets.TryGetValue(key, out var bucket))
            {
                MakeRoom(now);
                bucket = new Bucket(Burst, now);
            }

            var tokens = Refilled(bucket, now);
            buckets[key] = new Bucket(tokens >= 1 ? tokens - 1 : tokens, now);
            return tokens >= 1;
        }
    }

    /// <summary>Takes so many more of a key's that is remembered, whether it has them or not: it may come to owe as many as it can have.</summary>
    public void Charge(TKey key, int tokens)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (buckets.TryGetValue(key, out var bucket))
            {
                buckets[key] = new Bucket(Math.Max(-Burst, Refilled(bucket, now) - tokens), now);
            }
        }
    }

    /// <summary>True when <see cref="TryTake"/> would say no. Takes nothing.</summary>
    public bool IsSpent(TKey key)
    {
        lock (gate)
        {
            return buckets.TryGetValue(key, out var bucket) && Refilled(bucket, time.GetTimestamp()) < 1;
        }
    }

    private double Refilled(Bucket bucket, long now) =>
        Math.Min(Burst, bucket.Tokens + (time.GetElapsedTime(bucket.Since, now).TotalSeconds * perSecond));

    private void MakeRoom(long now)
    {
        if (buckets.Count < most)
        {
            return;
        }

        foreach (var (key, bucket) in buckets)
        {
            if (Refilled(bucket, now) >= Burst)
            {
                buckets.Remove(key); // A full bucket is the same as none.
            }
        }

        if (buckets.Count >= most)
        {
            Crowding.Thin(buckets, bucket => -Refilled(bucket, now)); // Those that have spent least lose least; who has spent all stays spent.
        }
    }

    private readonly record struct Bucket(double Tokens, long Since);
}

/// <summary>What all rates have in common.</summary>
internal static class RateLimits
{
    /// <summary>Keys of one rate that are remembered; about 10 MiB with names of the usual length.</summary>
    public const int MostKeys = 100_000;
}
