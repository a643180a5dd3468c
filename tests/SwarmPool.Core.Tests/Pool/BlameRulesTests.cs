using CsCheck;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>Whose fault it is that a job fails, and what that costs.</summary>
public sealed class BlameRulesTests
{
    private static readonly string[] Hows = ["failed", "released", "timeout"];

    private readonly Bench bench = new();

    [Fact]
    public void A_job_that_fails_with_every_miner_costs_the_miners_nothing_and_its_client_a_strike()
    {
        Join(3);
        FailWith(bench.Job(), 1, 2, 3);
        Assert.All(bench.State.Miners.InOrder, m => Assert.True(m.Strikes == 0 && m.CoolDownUntil <= bench.At));
        Assert.Equal(1, bench.State.Clients.Find(Messages.Client)!.Strikes);
    }

    [Fact]
    public void A_client_whose_jobs_fail_waits_longer_each_time_and_no_longer_when_one_is_done()
    {
        Join(3);
        FailWith(bench.Job(), 1, 2, 3);
        foreach (var seconds in new[] { 10, 20, 40 })
        {
            FailWith(bench.Job(), 1, 2, 3);
            bench.At += (seconds * 1000) - 1;
            Bench.Refused(ErrorCodes.ClientPause, bench.Send(bench.Messages.Job()));
            bench.At += 1;
        }

        var good = bench.Job();
        Bench.Accepted(bench.Prove(good, Messages.Miner(1), bench.Claim(good, Messages.Miner(1))));
        Assert.Null(bench.State.Clients.Find(Messages.Client));
    }

    [Fact]
    public void The_pause_ends_at_ten_minutes()
    {
        Join(3);
        for (var i = 0; i < 40; i++)
        {
            FailWith(bench.Job(), 1, 2, 3);
            bench.At += PoolState.MaxClientPauseMs;
        }

        Assert.Equal(40, bench.State.Clients.Find(Messages.Client)!.Strikes);
    }

    [Fact]
    public void One_miner_that_fails_a_job_again_and_again_is_to_blame_itself()
    {
        Join(2);
        FailWith(bench.Job(), 1, 1, 1);
        FailWith(bench.Job(), 1, 2, 1);
        Assert.Empty(bench.State.Clients.InOrder);
        Assert.Equal(5, bench.State.Miners[Messages.Miner(1)].Strikes);
    }

    [Fact]
    public void What_runs_out_or_is_given_back_whole_blames_no_job()
    {
        Join(3);
        var job = bench.Job();
        End(job, 1, "failed");
        End(job, 2, "released");
        End(job, 3, "failed");
        Assert.Equal(JobPhase.Failed, bench.State.Jobs[job].Phase);
        Assert.Empty(bench.State.Clients.InOrder);
    }

    [Fact]
    public void A_miner_that_fails_what_another_can_do_keeps_its_strike()
    {
        Join(2);
        var job = bench.Job();
        End(job, 1, "failed");
        Bench.Accepted(bench.Prove(job, Messages.Miner(2), bench.Claim(job, Messages.Miner(2), 2), attempt: 2));
        Assert.Equal(1, bench.State.Miners[Messages.Miner(1)].Strikes);
    }

    [Fact]
    public void Whoever_ends_it_and_how_only_a_job_that_each_time_another_miner_failed_is_blamed() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 2].Select(how => Hows[how])).Array[3].Sample(ends =>
        {
            var story = new BlameRulesTests();
            story.Join(4);
            var job = story.bench.Job();
            foreach (var (miner, how) in ends)
            {
                story.End(job, miner, how);
            }

            var alike = ends.All(e => e.Item2 == "failed") && ends.Select(e => e.Item1).Distinct().Count() == ends.Length;
            Assert.Equal(alike ? 1 : 0, story.bench.State.Clients.InOrder.Count);
            Assert.Equal(alike ? 0 : ends.Length, story.bench.State.Miners.InOrder.Sum(m => m.Strikes));
        });

    private void Join(int miners)
    {
        for (var number = 1; number <= miners; number++)
        {
            bench.Miner(number);
        }
    }

    private void FailWith(Cid job, params int[] miners)
    {
        foreach (var number in miners)
        {
            End(job, number, "failed");
        }
    }

    /// <summary>The miner claims the job's next attempt, waiting out its cool-down, and the claim ends so.</summary>
    private void End(Cid job, int number, string how)
    {
        EnsName miner = Messages.Miner(number);
        bench.At = Math.Max(bench.At, bench.State.Miners[miner].CoolDownUntil);
        var attempt = bench.State.Jobs[job].Attempt;
        var fence = bench.Claim(job, miner, attempt);
        if (how == "timeout")
        {
            bench.Pass(Bench.DefaultSettings.ClaimTimeoutMs);
        }
        else
        {
            Bench.Accepted(bench.Send(bench.Messages.Release(job, miner, fence, attempt, how)));
        }
    }
}
