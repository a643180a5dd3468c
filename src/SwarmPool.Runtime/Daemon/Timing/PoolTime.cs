namespace SwarmPool.Runtime.Daemon.Timing;

/// <summary>
/// The time that decisions are dated by: the clock's, and never back. Where the clock is behind what was decided already (it was ahead then, or
/// another daemon's was), the pool's time goes on at half speed until the clock has caught up: leases, pauses and epochs take at most twice as
/// long meanwhile, but they end.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PoolTime(TimeProvider clock)
{
    private readonly Lock gate = new();
    private long last;
    private (long At, long Stamp)? behind;

    /// <summary>Unix milliseconds; never less than before, nor than <paramref name="recorded"/>, the time of the last record.</summary>
    public long At(long recorded)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var least = Math.Max(recorded, last);
            if (now >= least)
            {
                behind = null;
                return last = now;
            }

            if (behind is null || recorded > last)
            {
                behind = (least, clock.GetTimestamp());
            }

            var (from, since) = behind.Value;
            return last = Math.Max(least, from + ((long)clock.GetElapsedTime(since).TotalMilliseconds / 2));
        }
    }
}
