using System.Diagnostics;
using SwarmPool.Load.Driving;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load.Tests;

/// <summary>
/// A flood in small: valid jobs, far more than the daemon's queues hold, sent as fast as they can be over honest clients.
/// How fast that goes is for the benchmarks; here: who is served, and what is bounded.
/// </summary>
public class OverloadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const int NameRate = 500;
    private const int SideBySide = 64;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 200)]
    [InlineData(200, 200)]
    public async Task Honest_clients_are_served_through_a_flood_and_the_queue_stays_bounded(int floodingNames, int peers)
    {
        var crowd = new Crowd(SignatureEngines.Best);
        var engine = new CountingEngine(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, engine, contentsKept: 4096, o => (o.PeerRate, o.NameRate) = (5000, NameRate));
        var messages = new Messages(crowd, TimeProvider.System);
        var flood = new Flood(pool, messages, floodingNames, peers, jobs: 400);
        var begun = Stopwatch.GetTimestamp();

        // Faster than signatures can be checked, so the queue is full, and it goes on until the honest ones are served.
        using var stop = new CancellationTokenSource();
        var flooding = flood.RunAsync(perSecond: 100_000, most: long.MaxValue, stop.Token);
        var during = await DriverThread.RunAsync(() => new HonestClients(pool, messages, clients: 10).Drive(seconds: 1, perSecond: 50, Patience));
        await stop.CancelAsync();
        await flooding;
        var after = await DriverThread.RunAsync(() => new HonestClients(pool, messages, clients: 10).Drive(seconds: 1, perSecond: 50, Patience));

        // How many the driver gets to send in its second is the machine's affair; that each is answered is the daemon's.
        Assert.InRange(during.Sent, 1, 50);
        Assert.InRange(after.Sent, 1, 50);
        Assert.Equal((0, 0), (during.Unanswered, after.Unanswered));
        var refused = pool.Counters.Refused;
        Assert.True(
            refused.ContainsKey(ErrorCodes.QueueFull) || refused.ContainsKey(ErrorCodes.PeerRate), $"the flood was no flood: {pool.Refusals()}");
        Assert.InRange(during.MostWaiting, 0, (4 * 1024 * 1024 / 256) + 1);

        // However many peers a name comes through, no more of its signatures are checked than it has a rate for: what it has at
        // once, what came back meanwhile, and those that were being checked when it was spent.
        var allowed = floodingNames * ((2 * NameRate) + (NameRate * Stopwatch.GetElapsedTime(begun).TotalSeconds) + SideBySide);
        Assert.InRange(engine.Recovered, 1, allowed + during.Sent + during.Repeated + after.Sent + after.Repeated + SideBySide);
    }
}
