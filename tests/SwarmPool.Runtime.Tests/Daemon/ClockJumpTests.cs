using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Status;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A daemon whose machine's clock is wrong for a while.</summary>
public sealed class ClockJumpTests
{
    private const int LeaseSeconds = 8; // A quarter of it is how long a jump is in doubt.

    private readonly JumpingTime machine = new(TimeProvider.System);
    private readonly Witness witness = new();

    [Fact]
    public async Task Two_hours_ahead_for_a_moment_no_job_claim_or_epoch_suffers_and_everybody_is_told()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town, epochSeconds: 3);
        var miner = await town.JoinAsync(1);
        await town.ClaimAsync(await town.SubmitAsync(), miner);

        machine.Off = TimeSpan.FromHours(2);
        var during = await town.SendAsync(town.Messages.Job());
        await witness.ExpectAsync(ClockJumpPhase.Noticed);
        machine.Off = TimeSpan.Zero;

        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == during.Cid);
        await witness.ExpectAsync(ClockJumpPhase.GoneBack);
        Assert.Empty(town.MessageRecorder.Items<JobRejectedItem>());
        await town.ClaimAsync(await town.SubmitAsync(), miner); // Dated by an honest clock, and taken.
        await town.MessageRecorder.ItemAsync<ClaimTimeoutItem>(_ => true); // Within its lease, though nobody renewed it.
        await town.MessageRecorder.ItemAsync<EpochOpenedItem>(i => i.EpochId == "epoch-3");

        var status = await PoolStatus.ReadAsync(Journal(town));
        Assert.Equal(ClockJumpPhase.GoneBack, status.ClockJump!.Phase);
        Assert.InRange(status.ClockJump.ByMs, 7_190_000, 7_210_000);
        await NothingIsDatedAheadAsync(town);
        await town.AuditAsync();
    }

    [Fact]
    public async Task Ahead_for_good_the_pool_goes_by_it_within_a_lease_and_no_claim_is_lost()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town);
        var miner = await town.JoinAsync(1);
        var claim = await town.ClaimAsync(await town.SubmitAsync(deadline: DateTimeOffset.UtcNow.AddHours(5).ToUnixTimeSeconds()), miner);
        machine.Off = TimeSpan.FromMinutes(4); // As after a sleep; the miner's own clock is right, and within what may lie between two.
        await town.SendAsync(town.Messages.Job());
        await witness.ExpectAsync(ClockJumpPhase.Accepted);
        Assert.Equal(claim.JobCid, (await town.ProveAsync(claim)).JobCid);
        Assert.Empty(town.MessageRecorder.Items<ClaimTimeoutItem>());
        await town.AuditAsync();
    }

    [Fact]
    public async Task Back_by_hours_stops_nothing()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town);
        var miner = await town.JoinAsync(1);
        machine.Off = TimeSpan.FromHours(-2);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync(), miner));
        machine.Off = TimeSpan.Zero;
        await town.ClaimAsync(await town.SubmitAsync(), miner);
        await town.MessageRecorder.ItemAsync<ClaimTimeoutItem>(_ => true);
        await NothingIsDatedAheadAsync(town);
        await town.AuditAsync();
    }

    [Fact]
    public async Task A_journal_that_is_ahead_is_told_at_the_start_and_its_claims_still_end()
    {
        await using var town = await TestNetwork.OpenAsync();
        machine.Off = TimeSpan.FromMinutes(3);
        var first = await StartAsync(town, leaseSeconds: 2);
        var miner = await town.JoinAsync(1);
        await town.ClaimAsync(await town.SubmitAsync(), miner);
        await first.StopAsync();
        first.Dispose();

        machine.Off = TimeSpan.Zero;
        await StartAsync(town, leaseSeconds: 2);
        await witness.ExpectAsync(ClockJumpPhase.BehindJournal);
        await town.MessageRecorder.ItemAsync<ClaimTimeoutItem>(_ => true);
        await town.AuditAsync();
    }

    [Fact]
    public async Task A_daemon_stops_while_its_clock_is_in_doubt()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await StartAsync(town, leaseSeconds: 4000);
        machine.Off = TimeSpan.FromHours(2);
        await town.SendAsync(town.Messages.Job());
        await witness.ExpectAsync(ClockJumpPhase.Noticed);
        await host.StopAsync().WaitAsync(Patience.Long);
        await NothingIsDatedAheadAsync(town);
    }

    private static IPoolJournal Journal(TestNetwork town) => town.Compose().Services.GetRequiredService<IPoolJournal>();

    private static async Task NothingIsDatedAheadAsync(TestNetwork town)
    {
        await foreach (var stored in Journal(town).ReadAsync(1, CancellationToken.None))
        {
            Assert.True(RecordCodec.Decode(stored, withInput: false).At <= DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 100);
        }
    }

    private Task<Microsoft.Extensions.Hosting.IHost> StartAsync(TestNetwork town, int epochSeconds = 3600, int leaseSeconds = LeaseSeconds) => town.StartAsync(
        o => (o.ClaimTimeoutSeconds, o.EpochDurationSeconds) = (leaseSeconds, epochSeconds), observer: witness, clock: machine);

    private sealed class Witness : IDaemonObserver
    {
        private readonly ConcurrentQueue<ClockJumpPhase> phases = new();

        public void ClockJumped(TimeSpan by, ClockJumpPhase phase) => phases.Enqueue(phase);

        public Task ExpectAsync(ClockJumpPhase phase) => RefusalTests.Eventually(() => phases.Contains(phase));
    }
}
