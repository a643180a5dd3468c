using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A pool says how many miners could do a job, why not more, where it stands and for how long it may; and refuses what would only expire.</summary>
public sealed class MatchingTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public async Task Counts_places_and_offers_are_announced_answered_and_published()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var offer = new ModelOffer(Messages.Model) { MemoryBytes = 8 * GiB, Device = "cpu", MinPrice = Usdc.Parse("0.5") };
        var miner = await JoinAsync(town, 1, offer);
        var needs = new JobNeeds { MemoryBytes = 24 * GiB, Device = "cpu" };
        var sent = await town.SendAsync(town.Messages.Job("0.4") with { Needs = needs });
        var announced = await town.MessageRecorder.ItemAsync<JobNewItem>(item => item.Cid == sent.Cid);
        var match = new JobMatch(1) { Memory = 0, Class = 1, AskMore = 1 };
        Assert.Equal((0, needs, match), (announced.Miners, announced.Needs!, announced.Match!));
        Assert.Null(announced.Queue);

        // The same bytes again are a question: it is answered with the place that the job has now.
        await town.SendAsync(sent);
        var answered = await town.MessageRecorder.ItemAsync<JobNewItem>(item => item.Cid == sent.Cid && item.Queue is not null);
        Assert.Equal((0, match, new JobQueue(1)), (answered.Miners, answered.Match!, answered.Queue!));

        await town.SendAsync(town.Messages.Claim(sent.Cid, miner));
        Assert.Equal(ErrorCodes.NeedsNotMet, (await town.MessageRecorder.ItemAsync<ClaimRejectedItem>(item => item.JobCid == sent.Cid)).Code);
        var cheap = await town.SubmitAsync("0.4");
        await town.SendAsync(town.Messages.Claim(cheap, miner));
        Assert.Equal(ErrorCodes.PriceNotMet, (await town.MessageRecorder.ItemAsync<ClaimRejectedItem>(item => item.JobCid == cheap)).Code);

        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(static said => said.Body is PoolStateSnapshot { PendingCount: 2 })).Body;
        Assert.Equal([new ModelQueueItem(Messages.Model, 2, 0, 1)], state.Queues!);
        await town.AuditAsync();
    }

    [Fact]
    public async Task Once_a_miner_has_measured_jobs_get_an_estimate_and_a_deadline_that_it_cannot_meet_is_refused()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var miner = await JoinAsync(town, 1, new ModelOffer(Messages.Model) { JobMilliseconds = 100_000 });
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync(), miner));

        var soon = await town.SendAsync(town.Messages.Job(deadline: DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60));
        var refused = await town.MessageRecorder.ItemAsync<JobRejectedItem>(item => item.Cid == soon.Cid);
        Assert.Equal(ErrorCodes.DeadlineTooSoon, refused.Code);
        Assert.EndsWith("the fastest of the 1 miners that could do it needs 100 s with digits-v1. Give it more than 100 s.", refused.Reason, StringComparison.Ordinal);

        await town.ClaimAsync(await town.SubmitAsync(), miner);
        await town.SubmitAsync();
        var job = await town.SendAsync(town.Messages.Job());
        await town.MessageRecorder.ItemAsync<JobNewItem>(item => item.Cid == job.Cid);
        await town.SendAsync(job);
        var answered = await town.MessageRecorder.ItemAsync<JobNewItem>(item => item.Cid == job.Cid && item.Queue is not null);
        Assert.Equal(new JobQueue(2) { WaitSeconds = 200 }, answered.Queue);
        await town.AuditAsync();
    }

    private static async Task<EnsName> JoinAsync(TestNetwork town, int number, ModelOffer offer)
    {
        var miner = Messages.Miner(number);
        await town.SendAsync(town.Messages.Registration(miner) with { Offers = [offer] });
        await town.MessageRecorder.ItemAsync<MinerJoinedItem>(item => item.Miner == miner);
        return miner;
    }
}
