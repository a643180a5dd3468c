namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>How fast one connection is read while it publishes: whoever sends faster is slowed down, and loses nothing.</summary>
/// <remarks>Used by one connection's reader.</remarks>
internal sealed class PublishPace(BrokerLimits limits, TimeProvider time)
{
    private long since = time.GetTimestamp();
    private double ahead;

    /// <summary>How long to wait before the next message is read, in seconds of what was published.</summary>
    public TimeSpan Charge(int bytes)
    {
        var now = time.GetTimestamp();
        ahead = Math.Max(0, ahead - time.GetElapsedTime(since, now).TotalSeconds) + Math.Max(1.0 / limits.MessagesOfOne, (double)bytes / limits.BytesOfOne);
        since = now;
        return ahead > 2 ? TimeSpan.FromSeconds(ahead - 2) : TimeSpan.Zero;
    }
}
