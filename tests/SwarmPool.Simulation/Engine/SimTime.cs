namespace SwarmPool.Simulation.Engine;

/// <summary>A process's clock: the run's virtual time, and for the time of day its own error.</summary>
internal sealed class SimTime(Pump pump, SimProcess process, TimeSpan skew) : TimeProvider
{
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The most that a clock is off that nobody jumped.</summary>
    public static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(3);

    public TimeSpan Skew => skew;

    /// <summary>How far its time of day has jumped, for now; its timers and timestamps go on.</summary>
    public TimeSpan Off { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => pump.Now;

    public override DateTimeOffset GetUtcNow() => Beginning + TimeSpan.FromTicks(pump.Now) + skew + Off;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(pump, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

internal sealed class SimTimer(Pump pump, SimProcess process, TimerCallback callback, object? state) : ITimer
{
    private long version;
    private TimeSpan period;
    private bool disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (disposed)
        {
            return false;
        }

        version++;
        this.period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Set(dueTime);
        }

        return true;
    }

    public void Dispose()
    {
        disposed = true;
        version++;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private void Set(TimeSpan wait)
    {
        var armed = version;
        pump.At(wait, process, () =>
        {
            if (armed != version)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                Set(period);
            }

            callback(state);
        });
    }
}
