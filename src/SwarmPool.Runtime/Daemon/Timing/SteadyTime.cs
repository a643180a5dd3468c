using SwarmPool.Runtime.Daemon.Observing;

namespace SwarmPool.Runtime.Daemon.Timing;

/// <summary>
/// The time of day that a daemon goes by: the machine's, as long as that agrees with its monotonic clock. Where the time of day jumps, this one
/// goes on by the monotonic clock until the jump has stayed for <see cref="Patience"/>; one that goes back before had no effect.
/// </summary>
/// <remarks>
/// Thread-safe. A process that stood still is no jump: both clocks went on. A machine that slept is one, where its monotonic clock slept with it.
/// </remarks>
/// <param name="clock">The machine's clocks.</param>
/// <param name="patience">See <see cref="Patience"/>.</param>
/// <param name="tell">Is told what becomes of a jump, on the thread that asked for the time: must return at once.</param>
internal sealed class SteadyTime(TimeProvider clock, TimeSpan patience, Action<ClockJump> tell) : TimeProvider
{
    /// <summary>Corrections up to this are followed as they come: clocks are set by less than this all the time.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    // A thread that was held up between the readings of two clocks would see a jump that was none.
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);
    private const int Readings = 5;

    private readonly Lock gate = new();
    private readonly long begun = clock.GetTimestamp();
    private DateTimeOffset? origin;   // The time of day when the monotonic clock stood at its beginning here.
    private DateTimeOffset candidate; // The same by the clock that jumped.
    private long candidateSince;
    private long unsureSince;
    private bool isUnsure;
    private volatile bool isHurried;

    /// <summary>How long a jump must stay until it counts, and how long decisions wait for that at most.</summary>
    public TimeSpan Patience { get; } = patience;

    /// <summary>The machine's clocks as they are.</summary>
    public TimeProvider Machine => clock;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);

    public override DateTimeOffset GetUtcNow() => Read().Now;

    /// <summary>
    /// Returns when decisions may be dated: at once, but while the clock is ahead of where it should be. Then the machine may have slept, or its clock
    /// may be wrong; after <see cref="Patience"/> it is known, or the clock has no rest and the monotonic one has to do.
    /// </summary>
    public ValueTask SureAsync(CancellationToken cancellationToken) => Read().IsSure ? ValueTask.CompletedTask : new ValueTask(WaitAsync(cancellationToken));

    /// <summary>From now on nothing waits: a daemon that stops decides by the monotonic clock.</summary>
    public void Hurry() => isHurried = true;

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var look = Patience / 50;
        do
        {
            await Task.Delay(look > AtOnce ? look : AtOnce, clock, cancellationToken);
        }
        while (!Read().IsSure);
    }

    private (DateTimeOffset Now, bool IsSure) Read()
    {
        ClockJump? jump;
        (DateTimeOffset Now, bool IsSure) read;
        lock (gate)
        {
            var (utc, stamp) = ReadMachine();
            var passed = clock.GetElapsedTime(begun, stamp);
            jump = Compare(utc - passed, stamp);
            var sure = !isUnsure || candidate < origin || isHurried || clock.GetElapsedTime(unsureSince, stamp) >= Patience;
            read = (origin!.Value + passed, sure);
        }

        if (jump is not null)
        {
            tell(jump);
        }

        return read;
    }

    private (DateTimeOffset Utc, long Stamp) ReadMachine()
    {
        for (var reading = 1; ; reading++)
        {
            var before = clock.GetTimestamp();
            var utc = clock.GetUtcNow();
            var after = clock.GetTimestamp();
            if (reading == Readings || clock.GetElapsedTime(before, after) < AtOnce)
            {
                return (utc, after);
            }
        }
    }

    private ClockJump? Compare(DateTimeOffset told, long stamp)
    {
        origin ??= told;
        if (IsNear(told, origin.Value))
        {
            var was = candidate - origin.Value;
            origin = told;
            return EndDoubt() ? new ClockJump(was, ClockJumpPhase.GoneBack) : null;
        }

        if (!isUnsure || !IsNear(told, candidate))
        {
            var isFirst = !isUnsure; // A clock that has no rest is told of once.
            (candidate, candidateSince) = (told, stamp);
            unsureSince = isFirst ? stamp : unsureSince;
            isUnsure = true;
            return isFirst ? new ClockJump(told - origin.Value, ClockJumpPhase.Noticed) : null;
        }

        candidate = told;
        if (clock.GetElapsedTime(candidateSince, stamp) < Patience)
        {
            return null;
        }

        var by = told - origin.Value;
        origin = told;
        EndDoubt();
        return new ClockJump(by, ClockJumpPhase.Accepted);
    }

    private bool EndDoubt()
    {
        var was = isUnsure;
        isUnsure = false;
        return was;
    }

    private static bool IsNear(DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= Tolerance;
}
