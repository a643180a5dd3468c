using System.Globalization;
using SwarmPool.Load.Driving;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load.Programs;

/// <summary>
/// A flood of valid jobs, by one name or by many, over honest clients: calm, flood, calm again. The daemon's rates are
/// those it ships with.
/// </summary>
internal static class OverloadProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(int names, int peers, double perSecond, int seconds, TextWriter output)
    {
        var crowd = new Crowd(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, SignatureEngines.Best, contentsKept: 4096, o => (o.PeerRate, o.NameRate) = (5000, 500));
        var messages = new Messages(crowd, TimeProvider.System);
        var flood = new Flood(pool, messages, names, peers, jobs: 20_000);
        GC.Collect();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"flood of {perSecond:F0} valid jobs a second by {names} name(s) through {peers} peer(s), 50 honest clients with 100 jobs a second"));
        await output.WriteLineAsync("| phase | flood sent/s | honest jobs | unanswered | repeats | job→new p50/p99/max ms | most waiting | RSS MiB |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|");
        await PhaseAsync("calm", 0);
        using var stop = new CancellationTokenSource();
        var flooding = flood.RunAsync(perSecond, long.MaxValue, stop.Token);
        await PhaseAsync("flood, first half", flood.Sent);
        await PhaseAsync("flood, second half", flood.Sent);
        await stop.CancelAsync();
        await flooding;
        await PhaseAsync("after, from its first second", flood.Sent);
        await output.WriteLineAsync($"refused: {pool.Refusals()}; lost in the transport's queue: {pool.Net.Lost}");

        async Task PhaseAsync(string name, long before)
        {
            var run = await DriverThread.RunAsync(() => new HonestClients(pool, messages, clients: 50).Drive(seconds, 100, Patience));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {(flood.Sent - before) / (double)seconds:F0} | {run.Sent} | {run.Unanswered} | {run.Repeated} | {Figures.Percentile(run.Latencies, 0.5):F1} / {Figures.Percentile(run.Latencies, 0.99):F1} / {run.Latencies.DefaultIfEmpty().Max():F1} | {run.MostWaiting} | {run.MostResidentMiB:F0} |"));
        }
    }
}
