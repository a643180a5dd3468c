namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// How fast one connection is read while it publishes: so much it has for itself, and beyond that a part of what all have together. Whoever
/// sends faster is slowed down, and loses nothing; whoever keeps within its own is never slowed by others.
/// </summary>
/// <remarks>Used by one connection's reader; <paramref name="beyond"/> is thread-safe.</remarks>
internal sealed class PublishPace(BrokerLimits limits, Pace beyond, TimeProvider time)
{
    private readonly Pace own = new(time);

    /// <summary>How long to wait before the next message is read.</summary>
    public TimeSpan Charge(int bytes)
    {
        var ofBytes = (double)bytes / limits.BytesOfOne;
        if (own.TryCharge(Math.Max(1.0 / limits.MessagesOfOne, ofBytes)))
        {
            return TimeSpan.Zero;
        }

        return beyond.Charge(Math.Max(1.0 / limits.MessagesBeyond, ofBytes));
    }
}

/// <summary>Seconds of work that may be used as they pass, two of them at once.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Pace(TimeProvider time)
{
    private const double AtOnce = 2;

    private readonly Lock gate = new();
    private long since = time.GetTimestamp();
    private double ahead;

    /// <summary>Uses so much if it is there.</summary>
    public bool TryCharge(double seconds)
    {
        lock (gate)
        {
            Pass();
            if (ahead + seconds > AtOnce)
            {
                return false;
            }

            ahead += seconds;
            return true;
        }
    }

    /// <summary>Uses so much in any case, and says how long to wait for it.</summary>
    public TimeSpan Charge(double seconds)
    {
        lock (gate)
        {
            Pass();
            ahead += seconds;
            return ahead > AtOnce ? TimeSpan.FromSeconds(ahead - AtOnce) : TimeSpan.Zero;
        }
    }

    private void Pass()
    {
        var now = time.GetTimestamp();
        ahead = Math.Max(0, ahead - time.GetElapsedTime(since, now).TotalSeconds);
        since = now;
    }
}
