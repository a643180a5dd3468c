using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Tests.Pool;

public sealed class ClaimRulesTests
{
    private readonly Bench bench = new();

    [Fact]
    public void A_claim_is_a_lease_with_a_fence_and_the_loser_hears_who_has_it()
    {
        var (winner, loser) = (bench.Miner(1), bench.Miner(2));
        var job = bench.Job();
        var claim = bench.Messages.Claim(job, winner);
        var claimed = Assert.IsType<JobClaimed>(Assert.Single(Bench.Accepted(bench.Send(claim)).Events));
        Assert.Equal((1L, bench.At + 60_000, bench.At + 600_000), (claimed.Fence, claimed.LeaseUntil, claimed.LimitUntil));
        Assert.Equal(DecisionKind.Repeated, bench.Send(claim).Kind);

        var lost = bench.Send(bench.Messages.Claim(job, loser));
        Bench.Refused(ErrorCodes.JobNotPending, lost);
        Assert.Contains(winner.Text, lost.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_not_be_claimed_is_refused_by_name()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        Bench.Refused(ErrorCodes.JobUnknown, bench.Send(bench.Messages.Claim(Messages.AnyCid("none"), miner)));
        Bench.Refused(ErrorCodes.WrongAttempt, bench.Send(bench.Messages.Claim(job, miner, attempt: 2)));
        Bench.Refused(ErrorCodes.NotRegistered, bench.Send(bench.Messages.Claim(job, Messages.Miner(9))));
        var other = Bench.Signed(bench.Messages.Job(model: "another"));
        Bench.Accepted(bench.Send(other));
        Bench.Refused(ErrorCodes.ModelNotOffered, bench.Send(bench.Messages.Claim(other.Cid, miner)));
        bench.At += 3_600_000;
        Bench.Refused(ErrorCodes.DeadlinePassed, bench.Send(bench.Messages.Claim(job, miner)));
    }

    [Fact]
    public void Pitfall20_claims_are_capped_and_cost_a_growing_pause_when_they_expire()
    {
        var miner = bench.Miner(1);
        var jobs = Enumerable.Range(0, 6).Select(_ => bench.Job()).ToList();
        bench.Claim(jobs[0], miner);
        bench.Claim(jobs[1], miner);
        Bench.Refused(ErrorCodes.ClaimCap, bench.Send(bench.Messages.Claim(jobs[2], miner)));

        bench.Pass(60_000);
        Assert.Equal((0, 2), (bench.State.Miners[miner].LiveClaims, bench.State.Miners[miner].Strikes));
        Assert.Equal(bench.At + 20_000, bench.State.Miners[miner].CoolDownUntil);
        Bench.Refused(ErrorCodes.CoolDown, bench.Send(bench.Messages.Claim(jobs[2], miner)));
        bench.Pass(20_000);
        bench.Claim(jobs[2], miner);
        bench.Pass(60_000);
        Assert.Equal(bench.At + 40_000, bench.State.Miners[miner].CoolDownUntil);
    }

    [Fact]
    public void Pitfall20_the_pause_ends_at_an_hour()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        bench.State.Miners[miner].Strikes = 60;
        bench.Claim(job, miner);
        bench.Pass(60_000);
        Assert.Equal(bench.At + PoolState.MaxCoolDownMs, bench.State.Miners[miner].CoolDownUntil);
    }

    [Fact]
    public void Pitfall20_giving_back_again_and_again_costs_the_same_pause()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        Bench.Accepted(bench.Send(bench.Messages.Release(job, miner, bench.Claim(job, miner))));
        var second = bench.Claim(job, miner, attempt: 2);
        Bench.Accepted(bench.Send(bench.Messages.Release(job, miner, second, attempt: 2, reason: "failed")));

        // One miner alone can't use up all of a job's attempts at once.
        Bench.Refused(ErrorCodes.CoolDown, bench.Send(bench.Messages.Claim(job, miner, attempt: 3)));
        Assert.Equal(bench.At + 10_000, bench.State.Miners[miner].CoolDownUntil);
    }

    [Fact]
    public void A_proof_wipes_the_strikes_out()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        bench.Claim(job, miner);
        bench.Pass(60_000);
        bench.Pass(10_000);
        Assert.Equal(1, bench.State.Miners[miner].Strikes);
        Bench.Accepted(bench.Prove(job, miner, bench.Claim(job, miner, attempt: 2), attempt: 2));
        Assert.Equal(0, bench.State.Miners[miner].Strikes);
    }

    [Fact]
    public void Pitfall21_a_heartbeat_renews_after_half_the_lease_and_up_to_the_limit()
    {
        var miner = bench.Miner(1);
        var job = bench.Job(limit: 100);
        var fence = bench.Claim(job, miner);
        var start = bench.At;
        bench.At = start + 29_999;
        Assert.Equal(DecisionKind.Nothing, bench.Send(bench.Messages.Heartbeat(miner, job, fence)).Kind);
        bench.At = start + 30_000;
        Assert.Equal(DecisionKind.Nothing, bench.Send(bench.Messages.Heartbeat(Messages.Miner(2), job, fence)).Kind);
        Assert.Equal(DecisionKind.Nothing, bench.Send(bench.Messages.Heartbeat(miner, job, fence + 1)).Kind);
        Assert.Equal(DecisionKind.Nothing, bench.Send(bench.Messages.Heartbeat(miner)).Kind);
        var renewed = Assert.IsType<LeaseRenewed>(Assert.Single(bench.Send(bench.Messages.Heartbeat(miner, job, fence)).Events));
        Assert.Equal(start + 90_000, renewed.LeaseUntil);

        bench.At = start + 65_000;
        Assert.Equal(start + 100_000, Assert.IsType<LeaseRenewed>(Assert.Single(bench.Send(bench.Messages.Heartbeat(miner, job, fence)).Events)).LeaseUntil);
        bench.At = start + 99_000;
        Assert.Equal(DecisionKind.Nothing, bench.Send(bench.Messages.Heartbeat(miner, job, fence)).Kind);
        bench.Settle();
        Assert.Equal(JobPhase.Claimed, bench.State.Jobs[job].Phase);
        bench.Pass(1_000);
        Assert.Equal((JobPhase.Pending, 2), (bench.State.Jobs[job].Phase, bench.State.Jobs[job].Attempt));
    }

    [Fact]
    public void A_lease_that_ran_out_is_not_renewed()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        var fence = bench.Claim(job, miner);
        bench.At += 60_000;
        Assert.Equal(DecisionKind.Nothing, bench.Send(bench.Messages.Heartbeat(miner, job, fence)).Kind);
    }

    [Fact]
    public void A_released_job_waits_again_and_its_last_attempt_fails_it()
    {
        var miners = new[] { bench.Miner(1), bench.Miner(2), bench.Miner(3) };
        var job = bench.Job();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var fence = bench.Claim(job, miners[attempt - 1], attempt);
            var release = bench.Messages.Release(job, miners[attempt - 1], fence, attempt);
            Bench.Accepted(bench.Send(release));
            Assert.Equal(DecisionKind.Repeated, bench.Send(release).Kind);
        }

        Assert.Equal(JobPhase.Failed, bench.State.Jobs[job].Phase);
        Assert.Equal([2, 3], bench.Events.OfType<JobRequeued>().Select(r => r.Attempt));
        Assert.Equal("max_attempts", bench.Events.OfType<JobFailed>().Single().Reason);
        Bench.Refused(ErrorCodes.NoSuchClaim, bench.Send(bench.Messages.Release(job, miners[0], 99)));
        Bench.Refused(ErrorCodes.JobUnknown, bench.Send(bench.Messages.Release(Messages.AnyCid("none"), miners[0], 1)));
    }

    [Fact]
    public void What_a_miner_says_of_why_it_failed_is_recorded_and_remembered_with_the_job()
    {
        var miners = new[] { bench.Miner(1), bench.Miner(2), bench.Miner(3) };
        var job = bench.Job();
        string?[] said = ["the input is no PNG: é \u0022quoted\u0022", "no room", null];
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var fence = bench.Claim(job, miners[attempt - 1], attempt);
            Bench.Accepted(bench.Send(bench.Messages.Release(job, miners[attempt - 1], fence, attempt, "failed", said[attempt - 1])));
        }

        Assert.Equal(said, bench.Events.OfType<LeaseEnded>().Select(ended => ended.Detail));
        Assert.Equal(new AttemptFailure(miners[1], "no room"), bench.State.Jobs[job].Failure);
        Assert.All(bench.Records, Same);

        var copy = StateCodec.Decode(StateCodec.Encode(bench.State));
        Assert.Equal(StateHash.Of(bench.State), StateHash.Of(copy));
        Assert.Equal(StateCodec.FormatOfLater, StateCodec.FormatOf(copy));

        // Its record comes back from its bytes as it was, whole or the events alone.
        static void Same(PoolRecord record)
        {
            var stored = RecordCodec.Encode(record, new byte[32]);
            var whole = RecordCodec.Decode(stored, withInput: true);
            Assert.Equal(stored.Body.ToArray(), RecordCodec.Encode(whole, stored.Previous).Body.ToArray());
            Assert.Equal(record.Events.OfType<LeaseEnded>(), whole.Events.OfType<LeaseEnded>());
            Assert.Equal(record.Events.OfType<LeaseEnded>(), RecordCodec.Decode(stored, withInput: false).Events.OfType<LeaseEnded>());
        }
    }

    [Fact]
    public void A_release_that_says_no_more_leaves_record_and_state_as_they_always_were()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        Bench.Accepted(bench.Send(bench.Messages.Release(job, miner, bench.Claim(job, miner), 1, "failed")));
        Assert.Null(bench.State.Jobs[job].Failure);
        Assert.DoesNotContain("detail", Encoding.UTF8.GetString(RecordCodec.Encode(bench.Records[^1], new byte[32]).Body.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("failure", Encoding.UTF8.GetString(StateCodec.Encode(bench.State)), StringComparison.Ordinal);
        Assert.NotEqual(StateCodec.FormatOfLater, StateCodec.FormatOf(bench.State));
    }

    [Fact]
    public void Pitfall14_a_timed_out_job_waits_again_under_a_new_attempt()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        bench.Claim(job, miner);
        bench.Pass(59_999);
        Assert.Equal(JobPhase.Claimed, bench.State.Jobs[job].Phase);
        bench.Pass(1);
        Assert.Equal((JobPhase.Pending, 2), (bench.State.Jobs[job].Phase, bench.State.Jobs[job].Attempt));
        Assert.Equal("timeout", bench.Events.OfType<LeaseEnded>().Single().Reason);
        Bench.Refused(ErrorCodes.WrongAttempt, bench.Send(bench.Messages.Claim(job, bench.Miner(2))));
        bench.Claim(job, Messages.Miner(2), attempt: 2);
    }

    [Fact]
    public void A_start_lifts_live_leases_but_no_deadline()
    {
        var miner = bench.Miner(1);
        var job = bench.Job(limit: 70, deadline: (Bench.Start / 1000) + 3600);
        var fence = bench.Claim(job, miner);
        bench.At += 500_000; // The daemon was away for longer than the lease and its limit.
        Bench.Accepted(bench.Send(new StartedInput(2, bench.Settings)));
        var lease = bench.State.Jobs[job].LeaseOf(fence)!;
        Assert.Equal((bench.At + 60_000, bench.At + 60_000), (lease.Until, lease.LimitUntil));
        bench.Settle();
        Assert.Equal(JobPhase.Claimed, bench.State.Jobs[job].Phase);
        Bench.Accepted(bench.Prove(job, miner, fence));
    }

    [Fact]
    public void Pitfall24_an_old_term_does_not_begin()
    {
        Bench.Refused(ErrorCodes.JournalHeld, bench.Send(new StartedInput(1, bench.Settings)));
        Bench.Accepted(bench.Send(new StartedInput(5, bench.Settings)));
        Bench.Refused(ErrorCodes.JournalHeld, bench.Send(new StartedInput(4, bench.Settings)));
    }

    [Fact]
    public void Pitfall12_registering_again_keeps_the_record_and_must_be_newer()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        Bench.Accepted(bench.Prove(job, miner, bench.Claim(job, miner)));
        Bench.Refused(ErrorCodes.OldRegistration, bench.Send(bench.Messages.Registration(miner, MiningMode.SOLO)));
        Bench.Refused(ErrorCodes.OldRegistration, bench.Send(bench.Messages.Registration(miner, timestamp: 5)));

        bench.At += 1000;
        var again = Bench.Signed(bench.Messages.Registration(miner, MiningMode.SOLO, null, "another", "another"));
        Bench.Accepted(bench.Send(again));
        Assert.Equal(DecisionKind.Repeated, bench.Send(again).Kind);
        Assert.Equal((1L, MiningMode.SOLO), (bench.State.Miners[miner].JobsCompleted, bench.State.Miners[miner].Mode));
        Assert.Equal((0, 1), (bench.State.Miners.Offering(Messages.Model), bench.State.Miners.Offering("another")));
    }

    [Fact]
    public void A_stake_is_asked_for_where_the_pool_does()
    {
        var strict = new Bench(Bench.DefaultSettings with { MinMinerStake = Usdc.Parse("10"), MaxMiners = 1 });
        Bench.Refused(ErrorCodes.StakeUnknown, strict.Send(strict.Messages.Registration(Messages.Miner(1))));
        Bench.Refused(ErrorCodes.StakeTooLow, strict.Send(strict.Messages.Registration(Messages.Miner(1)), stake: Usdc.Parse("9.999999")));
        Bench.Accepted(strict.Send(strict.Messages.Registration(Messages.Miner(1)), stake: Usdc.Parse("10")));
        Bench.Refused(ErrorCodes.TooManyMiners, strict.Send(strict.Messages.Registration(Messages.Miner(2)), stake: Usdc.Parse("10")));
    }
}
