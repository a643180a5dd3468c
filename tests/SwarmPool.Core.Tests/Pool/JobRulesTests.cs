using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Tests.Pool;

public sealed class JobRulesTests
{
    private readonly Bench bench = new();

    [Fact]
    public void A_job_is_accepted_once_and_waits()
    {
        var job = Bench.Signed(bench.Messages.Job("1.5", replicas: 2, limit: 30));
        var accepted = Assert.IsType<JobAccepted>(Assert.Single(bench.Send(job).Events));
        Assert.Equal((1_500_000, 2, 30_000), (accepted.Price.Micro, accepted.Replicas, accepted.AttemptMs));

        Assert.Equal(DecisionKind.Repeated, bench.Send(job).Kind);
        Assert.Equal((1, 1, 1_500_000), (bench.State.TotalJobs, bench.State.Jobs.PendingCount, bench.State.Jobs.OpenVolumeMicro));
    }

    [Fact]
    public void Pitfall10_a_job_announced_again_adds_nothing_even_after_it_is_done()
    {
        var job = Bench.Signed(bench.Messages.Job());
        bench.Send(job);
        var miner = bench.Miner(1);
        Bench.Accepted(bench.Prove(job.Cid, miner, bench.Claim(job.Cid, miner)));
        var before = StateHash.Of(bench.State);

        Assert.Equal(DecisionKind.Repeated, bench.Send(job).Kind);
        bench.At += 3_700_000;
        Assert.Equal(DecisionKind.Repeated, bench.Send(job).Kind);
        Assert.Equal(before, StateHash.Of(bench.State));
    }

    [Fact]
    public void Pitfall10_a_forgotten_job_can_not_come_back()
    {
        var job = Bench.Signed(bench.Messages.Job());
        bench.Send(job);
        bench.Pass(3_600_000);
        Assert.Equal(JobPhase.Expired, bench.State.Jobs[job.Cid].Phase);
        bench.Pass(PoolState.MemoryAfterDeadlineMs);
        Assert.False(bench.State.Jobs.TryGet(job.Cid, out _));
        Bench.Refused(ErrorCodes.DeadlinePassed, bench.Send(job));
    }

    [Theory]
    [InlineData(0, ErrorCodes.DeadlinePassed)]
    [InlineData(-1, ErrorCodes.DeadlinePassed)]
    [InlineData((7 * 24 * 3600) + 1, ErrorCodes.DeadlineTooFar)]
    [InlineData(9_007_199_254_740_991 - (Bench.Start / 1000), ErrorCodes.DeadlineTooFar)]
    public void A_deadline_must_be_ahead_and_near(long seconds, string code) =>
        Bench.Refused(code, bench.Send(bench.Messages.Job(deadline: (Bench.Start / 1000) + seconds)));

    [Fact]
    public void A_hostile_deadline_is_a_refusal_whatever_the_form_rules_let_in() => Bench.Refused(
        ErrorCodes.DeadlineTooFar,
        Core.Pool.Rules.JobRules.Accept(bench.State, Messages.AnyCid("j"), bench.Messages.Job(deadline: long.MaxValue), PoolFacts.None, bench.At));

    [Fact]
    public void The_latest_deadline_is_taken() => Bench.Accepted(bench.Send(bench.Messages.Job(deadline: (Bench.Start / 1000) + (7 * 24 * 3600))));

    [Fact]
    public void An_amount_over_the_cap_is_refused()
    {
        Bench.Accepted(bench.Send(bench.Messages.Job("1000")));
        Bench.Refused(ErrorCodes.AmountOverCap, bench.Send(bench.Messages.Job("1000.000001")));
    }

    [Theory]
    [InlineData(601)]
    [InlineData(int.MaxValue)]
    public void A_hostile_time_limit_is_refused(int seconds) => Bench.Refused(ErrorCodes.BadTimeLimit, bench.Send(bench.Messages.Job(limit: seconds)));

    [Fact]
    public void A_full_pool_takes_no_more()
    {
        var small = new Bench(Bench.DefaultSettings with { MaxJobs = 1 });
        small.Job();
        Bench.Refused(ErrorCodes.PoolFull, small.Send(small.Messages.Job()));
    }

    [Fact]
    public void One_client_can_not_fill_the_pool()
    {
        var small = new Bench(Bench.DefaultSettings with { JobsPerClient = 2 });
        var miner = small.Miner(1);
        var done = small.Job();
        small.Job();
        Bench.Refused(ErrorCodes.ClientCap, small.Send(small.Messages.Job()));

        // A job that is done makes room for another, in the state and in its copy.
        Bench.Accepted(small.Prove(done, miner, small.Claim(done, miner)));
        Assert.Equal(1, StateCodec.Decode(StateCodec.Encode(small.State)).Jobs.OpenOf(small.State.Jobs[done].Client));
        Bench.Accepted(small.Send(small.Messages.Job()));
    }

    [Fact]
    public void What_one_epoch_decides_stays_one_amount()
    {
        var rich = new Bench(Bench.DefaultSettings with { MaxAmount = Usdc.FromMicro(Usdc.MaxMicro) });
        var most = Usdc.FromMicro(Usdc.MaxMicro).ToString();
        var job = rich.Job(most);
        Bench.Refused(ErrorCodes.PoolFull, rich.Send(rich.Messages.Job("0.000001")));

        // Decided it is in the epoch, and still leaves no room; in the next epoch it does.
        var miner = rich.Miner(1);
        Bench.Accepted(rich.Prove(job, miner, rich.Claim(job, miner)));
        Bench.Refused(ErrorCodes.PoolFull, rich.Send(rich.Messages.Job("0.000001")));
        Bench.Accepted(rich.Send(new EpochEndInput()));
        Bench.Accepted(rich.Send(rich.Messages.Job(most)));
        Assert.Equal(StateHash.Of(rich.State), StateHash.Of(StateCodec.Decode(StateCodec.Encode(rich.State))));
    }

    [Fact]
    public void Only_its_client_takes_a_job_back_and_only_while_nobody_works_on_it()
    {
        var job = bench.Job();
        Bench.Refused(ErrorCodes.JobUnknown, bench.Send(bench.Messages.Cancel(Messages.AnyCid("none"))));
        Bench.Refused(ErrorCodes.NotYourJob, bench.Send(bench.Messages.Cancel(job, Messages.Miner(1))));
        Bench.Accepted(bench.Send(bench.Messages.Cancel(job)));
        Assert.Equal(DecisionKind.Repeated, bench.Send(bench.Messages.Cancel(job)).Kind);
        Assert.Equal(0, bench.State.Jobs.PendingCount);

        var claimed = bench.Job();
        bench.Claim(claimed, bench.Miner(1));
        Bench.Refused(ErrorCodes.JobNotCancellable, bench.Send(bench.Messages.Cancel(claimed)));

        var halfClaimed = bench.Job(replicas: 2);
        bench.Claim(halfClaimed, Messages.Miner(1));
        Assert.Equal(JobPhase.Pending, bench.State.Jobs[halfClaimed].Phase);
        Bench.Refused(ErrorCodes.JobNotCancellable, bench.Send(bench.Messages.Cancel(halfClaimed)));
    }

    [Fact]
    public void An_open_job_expires_at_its_deadline_and_frees_its_miner()
    {
        var miner = bench.Miner(1);
        var job = bench.Job(deadline: (Bench.Start / 1000) + 30);
        bench.Claim(job, miner);
        bench.Pass(29_999);
        Assert.Equal(JobPhase.Claimed, bench.State.Jobs[job].Phase);
        bench.Pass(1);
        Assert.Equal(JobPhase.Expired, bench.State.Jobs[job].Phase);
        Assert.Equal(0, bench.State.Miners[miner].LiveClaims);
        Assert.Equal("expired", bench.Events.OfType<JobFailed>().Single().Reason);
    }
}
