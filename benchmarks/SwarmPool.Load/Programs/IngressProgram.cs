using System.Diagnostics;
using System.Globalization;
using SwarmPool.Load.Driving;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Load.Programs;

/// <summary>
/// How fast the daemon lets messages in, against a bare loop of the same engine over the same signatures in the same run.
/// Heartbeats pass every rule of the intake and need no decision.
/// </summary>
internal static class IngressProgram
{
    private const int InFlight = 2048; // below the desk's queue: none may be dropped

    public static async Task RunAsync(string engineName, int messages, int rounds, TextWriter output)
    {
        var engine = new CountingEngine(Engines.Of(engineName));
        var crowd = new Crowd(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, engine);
        var pen = new Messages(crowd, TimeProvider.System);
        await output.WriteLineAsync($"intake of heartbeats, {engine.Name}, {messages} a round, {Environment.ProcessorCount} cores");
        await output.WriteLineAsync("| round | bare recover/s | intake/s | of bare, by time | bare CPU µs | daemon CPU µs | of bare, by CPU |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|");
        var byTime = new List<double>();
        var byCpu = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var signed = Enumerable.Range(0, messages).Select(i => pen.Sign(pen.Heartbeat(Crowd.Miner(i % 200)))).ToList();
            var bare = signed.ConvertAll(BareRecovery.Prepare);
            GC.Collect();
            var before = Usage.Now();
            BareRecovery.Run(engine, bare);
            var alone = Usage.Now() - before;
            var let = await DriverThread.RunAsync(() => LetIn(pool, engine, signed));
            var perBare = alone.ProcessCpu.TotalMicroseconds / messages;
            var perLet = let.DaemonCpu.TotalMicroseconds / messages;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {(round == 0 ? "warm-up" : round)} | {messages / alone.Seconds:F0} | {messages / let.Seconds:F0} | {alone.Seconds / let.Seconds:F2} | {perBare:F1} | {perLet:F1} | {perBare / perLet:F2} |"));
            if (round > 0)
            {
                byTime.Add(alone.Seconds / let.Seconds);
                byCpu.Add(perBare / perLet);
            }
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"median: {Figures.Median(byTime):F2} of the bare loop by time, {Figures.Median(byCpu):F2} by CPU; refused: {pool.Refusals()}"));
    }

    private static Usage LetIn(PoolUnderLoad pool, CountingEngine engine, List<SignedSnapshot> signed)
    {
        var topic = Topics.Of(Crowd.Pool, Topics.Heartbeats);
        var begin = Usage.Now();
        var already = engine.Recovered;
        var lately = Stopwatch.GetTimestamp();
        long seen = 0;
        for (var sent = 0; seen < signed.Count;)
        {
            for (; sent < signed.Count && sent - seen < InFlight; sent++)
            {
                pool.Net.Send(topic, signed[sent].Bytes, "miners");
            }

            Thread.Sleep(1);
            var now = engine.Recovered - already;
            lately = now == seen ? lately : Stopwatch.GetTimestamp();
            seen = now;
            if (Stopwatch.GetElapsedTime(lately).TotalSeconds > 20)
            {
                throw new TimeoutException($"Only {seen} of {signed.Count} messages came through. Refused: {pool.Refusals()}");
            }
        }

        return Usage.Now() - begin;
    }
}
