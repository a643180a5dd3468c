using SwarmPool.Load.Measuring;

namespace SwarmPool.Load.Driving;

/// <summary>What one round of whole jobs came to. Latencies are milliseconds from sending to hearing the answer.</summary>
internal sealed record JobRun(int Jobs, Usage Used, IReadOnlyList<double> Job, IReadOnlyList<double> Claim, IReadOnlyList<double> Proof)
{
    public double PerSecond => Jobs / Used.Seconds;

    public double DaemonMicrosecondsPerJob => Used.DaemonCpu.TotalMicroseconds / Jobs;

    public double DriverMicrosecondsPerJob => Used.DriverCpu.TotalMicroseconds / Jobs;

    public double DaemonKilobytesPerJob => Used.DaemonAllocated / 1024.0 / Jobs;

    /// <summary>Cores that the daemon kept busy.</summary>
    public double DaemonCores => Used.DaemonCpu.TotalSeconds / Used.Seconds;
}
