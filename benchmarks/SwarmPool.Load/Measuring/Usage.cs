using System.Diagnostics;

namespace SwarmPool.Load.Measuring;

/// <summary>What the process and the driver's thread have used up to now. Taken on the driver's thread.</summary>
/// <param name="At">A timestamp of <see cref="Stopwatch"/>.</param>
internal readonly record struct Usage(long At, TimeSpan ProcessCpu, TimeSpan DriverCpu, long Allocated, long DriverAllocated)
{
    public static Usage Now()
    {
        using var process = Process.GetCurrentProcess();
        return new Usage(
            Stopwatch.GetTimestamp(), process.TotalProcessorTime, ThreadCpu.Now, GC.GetTotalAllocatedBytes(), GC.GetAllocatedBytesForCurrentThread());
    }

    public static Usage operator -(Usage end, Usage begin) => new(
        end.At - begin.At, end.ProcessCpu - begin.ProcessCpu, end.DriverCpu - begin.DriverCpu,
        end.Allocated - begin.Allocated, end.DriverAllocated - begin.DriverAllocated);

    /// <summary>Of a difference: how long it took.</summary>
    public double Seconds => (double)At / Stopwatch.Frequency;

    /// <summary>The daemon's CPU: all but the driver's thread. What the collector does for the driver's garbage is in it.</summary>
    public TimeSpan DaemonCpu => ProcessCpu - DriverCpu;

    public long DaemonAllocated => Allocated - DriverAllocated;
}
