using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Messaging;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>A miner's signs of life.</summary>
public sealed class HeartbeatsTests
{
    private const int Jobs = 40;

    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly MemoryNet net = new();

    [Fact]
    public async Task ManyJobsAreAllRenewedAndNoHeartbeatIsDatedTooFarAhead()
    {
        var pen = new MinerMessageFactory(new PartyIdentity(Cast.Alice, Cast.Pool, "local", new Cast().SignerOf(Cast.Alice)), RandomNonces.Shared, time);
        var outbox = new RetryingSender(net.Join(), Cast.Pool, time, NullLogger<RetryingSender>.Instance);
        var heartbeats = new Heartbeats(pen, outbox, new MinerCounts(0), new JobEventDispatcher(), new PoolClock(time), time, NullLogger<Heartbeats>.Instance) { IntervalSeconds = 5 };
        using var stop = new CancellationTokenSource();
        var renewing = Enumerable.Range(1, Jobs).Select(i => heartbeats.RenewAsync(Claim(i), new RunProgress(Id(i), new SilentMinerObserver()), stop.Token)).ToList();

        // Each wants one heartbeat in 5 s, all together eight a second; a name is heard once a second.
        using var limit = new CancellationTokenSource(Patience.Long);
        var furthest = 0L;
        while (Beats().GroupBy(beat => beat.CurrentJob).Count(job => job.Count() >= 3) < Jobs)
        {
            Assert.False(limit.IsCancellationRequested, "not every job was renewed");
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
            furthest = Math.Max(furthest, Beats().Max(beat => (long?)beat.Timestamp) - time.GetUtcNow().ToUnixTimeSeconds() ?? 0);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(renewing));
        Assert.InRange(furthest, 1, 60);
        Assert.Distinct(Beats().Select(beat => beat.Timestamp));
    }

    [Theory]
    [InlineData(-26)]
    [InlineData(0)]
    [InlineData(26)]
    public async Task AClaimIsRenewedWithinItsLeaseWhateverTheMinersOwnClockSays(int secondsOff)
    {
        var poolTime = time.GetUtcNow().AddSeconds(-secondsOff);
        var pen = new MinerMessageFactory(new PartyIdentity(Cast.Alice, Cast.Pool, "local", new Cast().SignerOf(Cast.Alice)), RandomNonces.Shared, time);
        var outbox = new RetryingSender(net.Join(), Cast.Pool, time, NullLogger<RetryingSender>.Instance);
        var clock = new PoolClock(time);
        clock.Hear(PoolClockTests.Said(poolTime));
        var heartbeats = new Heartbeats(pen, outbox, new MinerCounts(0), new JobEventDispatcher(), clock, time, NullLogger<Heartbeats>.Instance) { IntervalSeconds = 300 };
        using var stop = new CancellationTokenSource();
        var claim = new ClaimAcceptedItem(
            Id(1), 1, Cast.Alice, 1, poolTime.AddSeconds(9).ToUnixTimeMilliseconds(), poolTime.AddHours(1).ToUnixTimeMilliseconds());
        var renewing = heartbeats.RenewAsync(claim, new RunProgress(Id(1), new SilentMinerObserver()), stop.Token);

        using var limit = new CancellationTokenSource(Patience.Long);
        var waited = 0;
        while (!Beats().Any())
        {
            Assert.False(limit.IsCancellationRequested, "the claim was never renewed");
            time.Advance(TimeSpan.FromMilliseconds(100));
            waited += 100;
            for (var i = 0; i < 20 && !Beats().Any(); i++)
            {
                await Task.Delay(1);
            }
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => renewing);
        Assert.InRange(waited, 2900, 8000); // A third of nine seconds; late enough by 11.7 s with the own clock, and at once with one that is ahead.
    }

    private IEnumerable<HeartbeatSnapshot> Beats() => net.Published
        .Select(message => SnapshotCodec.TryDecode(message.Payload, out var snapshot, out _) ? snapshot.Body : null)
        .OfType<HeartbeatSnapshot>();

    private ClaimAcceptedItem Claim(int number) => new(
        Id(number), 1, Cast.Alice, number, time.GetUtcNow().AddSeconds(300).ToUnixTimeMilliseconds(), time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds());

    private static Cid Id(int number) => new(Cid.RawCodec, SHA256.HashData(BitConverter.GetBytes(number)));
}
