using SwarmPool.Core.Pool;

namespace SwarmPool.Core.Tests.Pool;

public sealed class ResumeRulesTests
{
    [Fact]
    public void Every_live_claim_gets_a_whole_lease_again_and_none_gets_less_than_it_had()
    {
        var bench = new Bench();
        var (early, late) = (bench.Job(), bench.Job());
        bench.Claim(early, bench.Miner(1));
        bench.At += 50_000;
        bench.Claim(late, bench.Miner(2));
        bench.At += 400_000;
        Bench.Accepted(bench.Send(new ResumedInput()));
        Assert.Equal(bench.At + 60_000, bench.State.Jobs[early].Leases[0].Until);
        Assert.Equal(bench.At + 60_000, bench.State.Jobs[late].Leases[0].Until);

        // Again at once there is nothing to lift.
        Assert.Equal(DecisionKind.Nothing, bench.Send(new ResumedInput()).Kind);
    }

    [Fact]
    public void A_jobs_deadline_is_the_wall_clocks()
    {
        var bench = new Bench();
        var job = bench.Job(deadline: (bench.At / 1000) + 100);
        bench.Claim(job, bench.Miner(1));
        bench.At += 200_000;
        Bench.Accepted(bench.Send(new ResumedInput()));
        bench.Settle();
        Assert.Equal(JobPhase.Expired, bench.State.Jobs[job].Phase);
    }

    [Fact]
    public void Without_claims_there_is_nothing_to_record()
    {
        var bench = new Bench();
        bench.Job();
        Assert.Equal(DecisionKind.Nothing, bench.Send(new ResumedInput()).Kind);
    }
}
