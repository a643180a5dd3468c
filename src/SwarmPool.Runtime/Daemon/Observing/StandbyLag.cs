using System.Diagnostics.Metrics;
using SwarmPool.Core.Pool.Records;

namespace SwarmPool.Runtime.Daemon.Observing;

/// <summary>
/// How far a standby is behind: of each record, how long after the leader had decided it, which is before it was appended, it was applied
/// here. The histogram <c>swarmpool.standby.lag</c> of the meter <c>SwarmPool.Daemon</c>, in seconds, by the clocks of the two machines.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class StandbyLag(IMeterFactory meters, TimeProvider time)
{
    public const string MeterName = "SwarmPool.Daemon";
    public const string HistogramName = "swarmpool.standby.lag";

    private readonly Histogram<double> histogram = meters.Create(MeterName).CreateHistogram<double>(HistogramName, "s", "From a record's decision to its being applied by a standby.");
    private TimeSpan longest;

    /// <summary>Is told what has just been applied.</summary>
    public void Applied(IReadOnlyList<StoredRecord> records)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (record, _) in records)
        {
            var lag = TimeSpan.FromMilliseconds(Math.Max(0, now - record.At)); // Below zero where the leader's clock is ahead.
            histogram.Record(lag.TotalSeconds);
            longest = lag > longest ? lag : longest;
        }
    }

    /// <summary>The longest since this was asked before.</summary>
    public TimeSpan TakeLongest()
    {
        var taken = longest;
        longest = TimeSpan.Zero;
        return taken;
    }
}
