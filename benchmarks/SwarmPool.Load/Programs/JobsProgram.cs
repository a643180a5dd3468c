using System.Globalization;
using SwarmPool.Load.Driving;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load.Programs;

/// <summary>Whole jobs a second: several rounds on one daemon, the first to warm up.</summary>
internal static class JobsProgram
{
    public static async Task RunAsync(string engineName, int jobs, int rounds, int window, TextWriter output)
    {
        var engine = Engines.Of(engineName);

        // The driver signs with the fastest engine there is: its own work is not what is measured.
        var crowd = new Crowd(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, engine);
        var messages = new Messages(crowd, TimeProvider.System);
        Rehearsal.Join(pool, messages, miners: 200);
        await Line(output, $"whole jobs, {engine.Name}, {jobs} jobs a round, {window} in flight, 200 miners, 1,000 clients");
        await Line(output, "| round | jobs/s | daemon cores | daemon CPU µs/job | driver CPU µs/job | daemon KiB/job | job→new p50/p99 ms | claim→accepted | proof→accepted | RSS MiB |");
        await Line(output, "|---|---|---|---|---|---|---|---|---|---|");
        var runs = new List<JobRun>();
        for (var round = 0; round <= rounds; round++)
        {
            var courses = Rehearsal.Sign(pool, messages, jobs, clients: 1000, miners: 200);
            GC.Collect();
            var run = await DriverThread.RunAsync(new JobDriver(pool, messages, courses, Pace.InFlight(window)).Drive);
            await Line(output, Row(round == 0 ? "warm-up" : round.ToString(CultureInfo.InvariantCulture), run));
            if (round > 0)
            {
                runs.Add(run);
            }
        }

        await Line(output, string.Create(CultureInfo.InvariantCulture,
            $"median: {Figures.Median([.. runs.Select(r => r.PerSecond)]):F0} jobs/s with the driver on the same cores; daemon {Figures.Median([.. runs.Select(r => r.DaemonMicrosecondsPerJob)]):F0} µs of CPU a job, driver {Figures.Median([.. runs.Select(r => r.DriverMicrosecondsPerJob)]):F0}; lost by the transport: {pool.Net.Lost}; journal {pool.JournalBytes >> 20} MiB"));
    }

    private static Task Line(TextWriter output, string text) => output.WriteLineAsync(text);

    private static string Row(string round, JobRun run) => string.Create(CultureInfo.InvariantCulture,
        $"| {round} | {run.PerSecond:F0} | {run.DaemonCores:F2} | {run.DaemonMicrosecondsPerJob:F0} | {run.DriverMicrosecondsPerJob:F0} | {run.DaemonKilobytesPerJob:F1} | {Two(run.Job)} | {Two(run.Claim)} | {Two(run.Proof)} | {Memory.ResidentMiB:F0} |");

    private static string Two(IReadOnlyList<double> latencies) => string.Create(CultureInfo.InvariantCulture,
        $"{Figures.Percentile(latencies, 0.5):F1} / {Figures.Percentile(latencies, 0.99):F1}");
}
