namespace SwarmPool.Runtime.Miner;

/// <summary>When the pool asks this miner to wait before it claims again: longer each time in a row.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ClaimPause(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private DateTimeOffset until;
    private TimeSpan last;
    private string why = "";

    /// <summary>Until when, and why; null when the miner may claim.</summary>
    public (DateTimeOffset Until, string Why)? Current
    {
        get
        {
            lock (gate)
            {
                return until > time.GetUtcNow() ? (until, why) : null;
            }
        }
    }

    public void Begin(string reason)
    {
        lock (gate)
        {
            last = last == TimeSpan.Zero ? First : TimeSpan.FromTicks(Math.Min(last.Ticks * 2, Longest.Ticks));
            until = time.GetUtcNow() + last;
            why = reason;
        }
    }

    /// <summary>The pool gave a job: no reason to wait any longer.</summary>
    public void End()
    {
        lock (gate)
        {
            last = TimeSpan.Zero;
            until = default;
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Current is { } pause)
        {
            // Never less than a millisecond: a timer that fires early would spin.
            var left = pause.Until - time.GetUtcNow();
            await Task.Delay(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }
    }
}
