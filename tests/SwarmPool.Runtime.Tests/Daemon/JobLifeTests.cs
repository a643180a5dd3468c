using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Auditing;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class JobLifeTests
{
    [Fact]
    public async Task A_job_lives_from_submission_to_an_audited_payout_over_bytes_alone()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync(o => o.EpochDurationSeconds = 4);
        var (alice, bob) = (await town.JoinAsync(1), await town.JoinAsync(2, MiningMode.SOLO));
        var job = await town.SubmitAsync("0.1");
        var solo = await town.SubmitAsync("0.000003");

        // Both claim at once; one wins, and the announcement that says so answers the other.
        await town.SendAsync(town.Messages.Claim(job, alice));
        await town.SendAsync(town.Messages.Claim(job, bob));
        var claim = await town.MessageRecorder.ItemAsync<ClaimAcceptedItem>(i => i.JobCid == job);
        var accepted = await town.ProveAsync(claim);
        Assert.True(accepted.Decided);
        Assert.Equal("epoch-1", accepted.EpochId);
        var bobs = await town.ClaimAsync(solo, bob);
        await town.ProveAsync(bobs);

        var sealedItem = await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.EpochId == "epoch-1");
        Assert.Equal((2L, "0.100003"), (sealedItem.Jobs, sealedItem.Volume.ToString()));
        await CheckEpochAsync(town, sealedItem.Cid, claim.Miner);
        await host.StopAsync();
        Assert.Single(town.MessageRecorder.Items<ClaimAcceptedItem>().Where(i => i.JobCid == job).Select(i => i.Fence).Distinct());
        Assert.True((await town.AuditAsync()).Messages >= 8);
    }

    [Fact]
    public async Task Pitfall25_the_second_epoch_names_the_first_and_an_empty_one_audits_too()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync(o => o.EpochDurationSeconds = 1);
        var second = await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.EpochId == "epoch-2");
        var first = await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.EpochId == "epoch-1");
        var epoch = await FetchAsync<EpochSnapshot>(town, second.Cid);
        Assert.Equal(first.Cid, epoch.PreviousEpoch);
        Assert.Empty(EpochAudit.Differences(epoch, [], [], Policy(), ""));
        await host.StopAsync();
        await town.AuditAsync();
    }

    [Fact]
    public async Task Replicas_are_announced_while_undecided_and_when_they_do_not_agree()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.MaxAttempts = 1);
        var (alice, bob) = (await town.JoinAsync(1), await town.JoinAsync(2));
        var job = await town.SubmitAsync(replicas: 2);
        var (first, second) = (await town.ClaimAsync(job, alice), await town.ClaimAsync(job, bob));
        var undecided = await town.ProveAsync(first, "one");
        Assert.Equal((false, ""), (undecided.Decided, undecided.EpochId));
        await town.ProveAsync(second, "two");
        Assert.Equal("no_agreement", (await town.MessageRecorder.ItemAsync<JobFailedItem>(i => i.Cid == job)).Reason);

        // And the pool goes on.
        await town.SubmitAsync();
    }

    [Fact]
    public async Task Pitfall14_a_claim_that_runs_out_is_announced_with_a_new_attempt_for_all_who_listen()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.ClaimTimeoutSeconds = 1);
        var (alice, bob) = (await town.JoinAsync(1), await town.JoinAsync(2));
        var job = await town.SubmitAsync();
        await town.ClaimAsync(job, alice);
        Assert.Equal("timeout", (await town.MessageRecorder.ItemAsync<ClaimTimeoutItem>(i => i.JobCid == job)).Reason);
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job && i.Attempt == 2);
        await town.ProveAsync(await town.ClaimAsync(job, bob, attempt: 2));
    }

    [Fact]
    public async Task What_a_miner_says_of_why_is_announced_and_said_again_when_the_job_has_failed_also_by_the_next_daemon()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync(o => o.MaxAttempts = 1);
        var miner = await town.JoinAsync(1);
        var job = await town.SendAsync(town.Messages.Job());
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
        var claim = await town.ClaimAsync(job.Cid, miner);
        await town.SendAsync(town.Messages.Release(job.Cid, miner, claim.Fence, 1, "failed", "the input is no PNG"));

        Assert.Equal("the input is no PNG", (await town.MessageRecorder.ItemAsync<ClaimTimeoutItem>(i => i.JobCid == job.Cid)).Detail);
        var failed = await town.MessageRecorder.ItemAsync<JobFailedItem>(i => i.Cid == job.Cid);
        Assert.Equal((miner, "the input is no PNG"), (failed.Miner!.Value, failed.Detail));

        await host.StopAsync();
        await town.StartAsync(o => o.MaxAttempts = 1);
        var before = town.MessageRecorder.Items<JobFailedItem>().Count();
        await town.SendAsync(job);
        await town.MessageRecorder.ItemAsync<JobFailedItem>(_ => town.MessageRecorder.Items<JobFailedItem>().Count() > before);
        Assert.All(town.MessageRecorder.Items<JobFailedItem>(), again => Assert.Equal(failed, again));
        await town.AuditAsync();
    }

    [Fact]
    public async Task Pitfall21_heartbeats_keep_a_long_job()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.ClaimTimeoutSeconds = 2);
        var miner = await town.JoinAsync(1);
        var job = await town.SubmitAsync();
        var claim = await town.ClaimAsync(job, miner);
        for (var i = 0; i < 9; i++)
        {
            await Task.Delay(400);
            await town.SendAsync(town.Messages.Heartbeat(miner, job, claim.Fence));
        }

        await town.ProveAsync(claim);
        Assert.Empty(town.MessageRecorder.Items<ClaimTimeoutItem>());
    }

    [Fact]
    public async Task Pitfall22_the_published_state_names_what_waits_page_by_page()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var miner = await town.JoinAsync(1);
        var (waiting, taken) = (await town.SubmitAsync(), await town.SubmitAsync());
        var claim = await town.ClaimAsync(taken, miner);
        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(
            s => s.Body is PoolStateSnapshot { PendingCount: 1, ClaimedCount: 1, MinerCount: 1 })).Body;
        Assert.Equal(waiting, Assert.Single(await PageAsync<JobNewItem>(town, Assert.Single(state.PendingJobs))).Cid);
        Assert.Equal(claim, Assert.Single(await PageAsync<ClaimAcceptedItem>(town, Assert.Single(state.ClaimedJobs))));
        Assert.Equal(miner, Assert.Single(await PageAsync<MinerStateItem>(town, Assert.Single(state.ActiveMiners))).Miner);
    }

    internal static async Task<T> FetchAsync<T>(TestNetwork town, Cid cid)
        where T : Snapshot
    {
        var bytes = await town.Transport.Content.GetAsync(cid, SnapshotCodec.MaxBytes, CancellationToken.None);
        Assert.True(SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal), refusal?.ToString());
        return Assert.IsType<T>(snapshot.Body);
    }

    internal static async Task<IReadOnlyList<T>> PageAsync<T>(TestNetwork town, Cid cid)
    {
        var bytes = await town.Transport.Content.GetAsync(cid, SnapshotCodec.MaxPageBytes, CancellationToken.None);
        Assert.True(SnapshotCodec.TryDecodePage<T>(bytes, out var items, out var refusal), refusal?.ToString());
        return items;
    }

    internal static ISettlementPolicy Policy()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.UseSettlement7525();
        using var host = builder.Build();
        return host.Services.GetRequiredService<ISettlementPolicy>();
    }

    private static async Task CheckEpochAsync(TestNetwork town, Cid cid, Identity.EnsName winner)
    {
        var epoch = await FetchAsync<EpochSnapshot>(town, cid);
        var proofs = new List<EpochProofItem>();
        foreach (var page in epoch.Proofs)
        {
            proofs.AddRange(await PageAsync<EpochProofItem>(town, page));
        }

        var payouts = new List<PayoutItem>();
        foreach (var page in epoch.Settlements.Miners)
        {
            payouts.AddRange(await PageAsync<PayoutItem>(town, page));
        }

        Assert.Empty(EpochAudit.Differences(epoch, proofs, payouts, Policy(), ""));
        Assert.Null(epoch.PreviousEpoch);
        Assert.False(epoch.PolicyReplaced);
        Assert.Equal(1, epoch.FromSequence);

        // 75 % of 0.1 and of 0.000003 (rounded down to 0.000002), to the accounts of those who worked.
        var byMiner = payouts.ToDictionary(p => p.Miner, p => p.Amount.Micro);
        Assert.Equal(winner == Messages.Miner(2) ? 75_002 : 75_000, byMiner[winner]);
        Assert.Equal(75_002, byMiner.Values.Sum());
        Assert.Equal(25_001, epoch.Settlements.Operations.Amount.Micro);
        Assert.All(payouts, p => Assert.Equal(TestKeys.Of(p.Miner).Address, p.Address));
    }
}
