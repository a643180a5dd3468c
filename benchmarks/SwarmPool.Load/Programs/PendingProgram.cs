using System.Globalization;
using SwarmPool.Load.Driving;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load.Programs;

/// <summary>The daemon's memory with many pending jobs. Contents are a node's to keep, so all but the newest are forgotten.</summary>
internal static class PendingProgram
{
    public static async Task RunAsync(int jobs, TextWriter output)
    {
        var crowd = new Crowd(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, SignatureEngines.Best, contentsKept: 1024);
        var before = Memory.ResidentMiB;
        var feeder = new JobFeeder(pool, new Messages(crowd, TimeProvider.System), jobs);
        var used = await DriverThread.RunAsync(feeder.Feed);
        var (filled, peak, live) = (Memory.ResidentMiB, Memory.PeakMiB, GC.GetTotalMemory(forceFullCollection: true) / 1048576.0);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"| pending | RSS at start MiB | RSS filled | RSS peak | live on the heap | jobs accepted/s | daemon CPU µs/job |\n|---|---|---|---|---|---|---|\n| {jobs} | {before:F0} | {filled:F0} | {peak:F0} | {live:F0} | {jobs / used.Seconds:F0} | {used.DaemonCpu.TotalMicroseconds / jobs:F0} |"));
    }
}
