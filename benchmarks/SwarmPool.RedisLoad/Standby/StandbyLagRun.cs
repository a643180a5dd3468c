using System.Globalization;
using SwarmPool.Load;
using SwarmPool.Load.Driving;
using SwarmPool.Protocol.Signatures;
using SwarmPool.RedisServers;

namespace SwarmPool.RedisLoad.Standby;

/// <summary>
/// A leader, driven at fixed rates, and a standby in another process on one Redis server: how late the standby applies what the leader
/// decides. Before the first rate the same is done for a while without being told.
/// </summary>
internal sealed class StandbyLagRun(string sync, int seconds, TextWriter output)
{
    private const int Miners = 200;
    private const int Clients = 1000;
    private const int InFlight = 1024;
    private const int MostEachSecond = 2000;
    private const int WarmUpRate = 300;
    private const int WarmUpSeconds = 5;

    /// <param name="syncs">The server's appendfsync, one after the other.</param>
    /// <param name="rates">Jobs a second; 0 for as many as are taken with so many in flight.</param>
    /// <param name="seconds">How long a rate is kept.</param>
    /// <param name="output">Where the table goes.</param>
    public static async Task RunAsync(IReadOnlyList<string> syncs, IReadOnlyList<int> rates, int seconds, TextWriter output)
    {
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds} s a rate, {Miners} miners, {Clients} clients, {Environment.ProcessorCount} cores; lag in ms, from a record's decision by the leader to its being applied by the standby"));
        await output.WriteLineAsync("| appendfsync | jobs/s asked | jobs/s reached | records/s | records applied | lag median | 99 % | longest | load before, after |");
        await output.WriteLineAsync("|---|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (var sync in syncs)
        {
            await new StandbyLagRun(sync, seconds, output).RunAsync(rates);
        }
    }

    private async Task RunAsync(IReadOnlyList<int> rates)
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", sync);
        var crowd = new Crowd(SignatureEngines.Best);
        await using var leader = await Follower.StartAsync(crowd, server.Configuration, sync, "leader");
        await using var standby = await FollowerProcess.StartAsync(server.Configuration, sync);
        var messages = new Messages(crowd, TimeProvider.System);
        Rehearsal.Join(leader, messages, Miners);
        await DriveAsync(leader, messages, WarmUpRate, WarmUpSeconds);
        foreach (var rate in rates)
        {
            await standby.EndAsync(await SequenceAsync(leader));
            await standby.BeginAsync();
            var (before, load) = (await SequenceAsync(leader), LoadAverage());
            var run = await DriveAsync(leader, messages, rate, seconds);
            var records = await SequenceAsync(leader) - before;
            var lags = await standby.EndAsync(before + records);
            if (lags.Records < records)
            {
                throw new InvalidOperationException($"The leader has appended {records} records, and the standby has applied {lags.Records}.");
            }

            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {sync} | {(rate > 0 ? rate : $"{InFlight} in flight")} | {run.PerSecond:0} | {records / run.Used.Seconds:0} | {lags.Records} | {lags.Median:0} | {lags.NinetyNine:0} | {lags.Longest:0} | {load}, {LoadAverage()} |"));
        }
    }

    private static async Task<JobRun> DriveAsync(PoolUnderLoad leader, Messages messages, int rate, int seconds)
    {
        var courses = Rehearsal.Sign(leader, messages, (rate > 0 ? rate : MostEachSecond) * seconds, Clients, Miners);
        GC.Collect();
        return await DriverThread.RunAsync(() => new JobDriver(leader, messages, courses, rate > 0 ? Pace.EachSecond(rate) : Pace.InFlight(InFlight)).Drive());
    }

    private static async Task<long> SequenceAsync(PoolUnderLoad leader) => (await leader.Journal.HeadAsync(CancellationToken.None)).Sequence;

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
