using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Timing;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>Clocks for what a daemon is made of.</summary>
internal static class Clocks
{
    /// <summary>What a daemon goes by on a machine with these clocks.</summary>
    public static SteadyTime Of(TimeProvider machine, TimeSpan? patience = null, Action<ClockJump>? tell = null) =>
        new(machine, patience ?? TimeSpan.FromSeconds(30), tell ?? (_ => { }));
}

/// <summary>A machine whose time of day can be set while its monotonic clock goes on.</summary>
internal sealed class JumpingTime(TimeProvider inner) : TimeProvider
{
    private long offTicks;

    /// <summary>How far its time of day is off.</summary>
    public TimeSpan Off
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref offTicks));
        set => Interlocked.Exchange(ref offTicks, value.Ticks);
    }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Off;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
}
