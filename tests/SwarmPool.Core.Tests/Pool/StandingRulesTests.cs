using CsCheck;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>Rules 2: names that did nothing can stop nobody.</summary>
public sealed class StandingRulesTests
{
    private const long HeadStart = 2000;
    private static readonly PoolSettings Settings = Bench.DefaultSettings with { Rules = 2, HeadStartMs = HeadStart };

    private readonly Bench bench = new(Settings);

    [Fact]
    public void The_first_epoch_takes_the_rules_up_and_they_never_go_back()
    {
        Assert.Equal(2, bench.State.Rules);
        Bench.Accepted(bench.Send(new StartedInput(2, Bench.DefaultSettings)));
        Bench.Accepted(bench.Send(new EpochEndInput()));
        Assert.Equal(2, bench.State.Rules);
    }

    [Fact]
    public void A_pool_of_rules_1_goes_by_them_until_its_next_epoch()
    {
        var old = new Bench();
        Bench.Accepted(old.Send(new StartedInput(2, Settings)));
        Assert.Equal(1, old.State.Rules);
        Bench.Accepted(old.Send(new EpochEndInput()));
        Assert.Equal(2, old.State.Rules);
        Assert.Null(old.Events.OfType<EpochOpened>().First().Rules);
        Assert.Equal(2, old.Events.OfType<EpochOpened>().Last().Rules);
    }

    /// <summary>Three free names that claim and give back as failed: no job dies of it, and its client is not blamed.</summary>
    [Fact]
    public void Strangers_use_up_no_attempts_and_blame_nobody()
    {
        bench.Miner(1);
        var griefers = Join(2, 3, 4);
        for (var i = 0; i < 10; i++)
        {
            var job = bench.Job();
            foreach (var griefer in griefers)
            {
                if (bench.State.Miners[griefer].With(Messages.Client) is not { } with || with.PauseUntil <= bench.At)
                {
                    Fail(job, griefer);
                }
            }

            Assert.True(bench.State.Jobs[job].IsOpen);
            Do(job, Messages.Miner(1));
        }

        Assert.Empty(bench.State.Clients.InOrder);
        Assert.All(griefers, griefer => Assert.True(bench.State.Miners[griefer].With(Messages.Client)!.PauseUntil > bench.At));
    }

    [Fact]
    public void A_miner_that_lets_a_client_down_waits_longer_each_time_for_that_client_alone()
    {
        var miner = bench.Miner(1);
        Join(2);
        var (job, other) = (bench.Job(), Job(Other(1)));
        foreach (var seconds in new[] { 0, 10, 20, 40 })
        {
            Fail(job, miner);
            if (seconds > 0)
            {
                bench.At += (seconds * 1000) - 1;
                Bench.Refused(ErrorCodes.CoolDownWithClient, bench.Send(bench.Messages.Claim(job, miner, Attempt(job))));
                Bench.Accepted(bench.Prove(other, miner, bench.Claim(other, miner)));
                other = Job(Other(1));
                bench.At += 1;
            }
        }
    }

    [Fact]
    public void A_lapse_costs_a_pause_at_once_and_one_at_the_jobs_own_limit_does_not()
    {
        var miner = bench.Miner(1);
        Join(2);
        var silent = bench.Job();
        bench.Claim(silent, miner);
        bench.Pass(Settings.ClaimTimeoutMs);
        Assert.Equal(bench.At + 10_000, bench.State.Miners[miner].With(Messages.Client)!.PauseUntil);

        var slow = bench.Miner(3);
        var brief = bench.Job(limit: 1);
        bench.Claim(brief, slow);
        bench.Pass(1000);
        Assert.True(bench.State.Miners[slow].With(Messages.Client)!.PauseUntil <= bench.At);
    }

    /// <summary>Bad jobs under a hundred names: the miner goes on working for the client that it works for, at once.</summary>
    [Fact]
    public void Free_clients_can_not_keep_a_miner_from_a_client_that_it_works_for()
    {
        var miner = bench.Miner(1);
        Join(2);
        Do(bench.Job(), miner);
        for (var i = 0; i < 100; i++)
        {
            var bad = Job(Other(i));
            bench.At += MostWait;
            Fail(bad, miner);
            var good = bench.Job();
            Bench.Accepted(bench.Prove(good, miner, bench.Claim(good, miner)));
        }
    }

    /// <summary>And before it has worked for one, it loses seconds.</summary>
    [Fact]
    public void Strikes_of_several_clients_put_a_miner_last_and_never_out()
    {
        var miner = bench.Miner(1);
        Join(2);
        for (var i = 0; i < 40; i++)
        {
            var bad = Job(Other(i));
            bench.At += MostWait;
            Fail(bad, miner);
        }

        var good = bench.Job();
        Bench.Refused(ErrorCodes.JobReserved, bench.Send(bench.Messages.Claim(good, miner)));
        bench.At += MostWait - 1;
        Bench.Refused(ErrorCodes.JobReserved, bench.Send(bench.Messages.Claim(good, miner)));
        bench.At += 1;
        bench.Claim(good, miner);

        bench.At += StandingRules.EvidenceMs;
        var later = bench.Job();
        bench.Claim(later, miner);
    }

    [Fact]
    public void A_job_is_kept_for_a_moment_for_a_miner_that_worked_for_its_client_and_waits_for_work()
    {
        var (known, stranger) = (bench.Miner(1), bench.Miner(2));
        Do(bench.Job(), known);
        var job = bench.Job();
        Assert.Equal(bench.At + HeadStart, bench.State.Jobs[job].ReservedUntil);
        bench.At += HeadStart - 1;
        Bench.Refused(ErrorCodes.JobReserved, bench.Send(bench.Messages.Claim(job, stranger)));
        bench.At += 1;
        var fence = bench.Claim(job, stranger);

        Bench.Accepted(bench.Send(bench.Messages.Release(job, stranger, fence, 1, LeaseEndReasons.Failed)));
        Assert.Equal(bench.At + HeadStart, bench.State.Jobs[job].ReservedUntil);
        bench.Claim(job, known, 2);

        Assert.Null(bench.State.Jobs[bench.Job()].ReservedUntil); // It has work.
    }

    [Fact]
    public void One_job_of_eight_is_for_whoever_comes_first_and_other_clients_jobs_are_too()
    {
        var known = bench.Miner(1);
        bench.Miner(2);
        Do(bench.Job(), known);
        Assert.Null(bench.State.Jobs[Job(Other(1))].ReservedUntil);
        var jobs = Enumerable.Range(0, 16).Select(_ => bench.State.Jobs[bench.Job()]).ToList();
        Assert.All(jobs, job => Assert.Equal(job.Number % StandingRules.NewcomersShare == 0, job.ReservedUntil is null));
    }

    [Fact]
    public void A_miner_that_was_not_seen_for_long_is_not_waited_for()
    {
        var known = bench.Miner(1);
        Do(bench.Job(), known);
        bench.At += StandingRules.EvidenceMs;
        Assert.Null(bench.State.Jobs[bench.Job()].ReservedUntil);
    }

    [Fact]
    public void Whoever_has_no_standing_may_hold_a_job_for_half_of_its_time()
    {
        var stranger = bench.Miner(1);
        var job = bench.Job(deadline: (bench.At / 1000) + 400);
        bench.Claim(job, stranger);
        Assert.Equal(bench.At + 200_000, bench.State.Jobs[job].Leases[0].LimitUntil);
        Bench.Accepted(bench.Prove(job, stranger, bench.State.Fence));

        var next = bench.Job(deadline: (bench.At / 1000) + 400);
        bench.Claim(next, stranger);
        Assert.Equal(bench.At + 600_000, bench.State.Jobs[next].Leases[0].LimitUntil);
    }

    [Fact]
    public void A_job_that_everybody_tried_as_often_as_the_pool_tries_one_ends()
    {
        var miners = Join(1, 2, 3);
        var job = bench.Job();
        foreach (var miner in miners.SelectMany(static one => new[] { one, one, one }))
        {
            Assert.True(bench.State.Jobs[job].IsOpen);
            Fail(job, miner);
        }

        Assert.Equal((JobPhase.Failed, JobFailReasons.MaxAttempts), (bench.State.Jobs[job].Phase, bench.State.Jobs[job].FailReason));
        Assert.Empty(bench.State.Clients.InOrder);
    }

    [Fact]
    public void One_miner_alone_has_its_attempts()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        for (var i = 0; i < Settings.MaxAttempts; i++)
        {
            bench.At += PoolState.MaxCoolDownMs / 100;
            Fail(job, miner);
        }

        Assert.Equal(JobPhase.Failed, bench.State.Jobs[job].Phase);
    }

    /// <summary>Twenty spoilt attempts and an honest miner that fails once by misfortune: it gets another chance.</summary>
    [Fact]
    public void Strangers_can_not_make_a_misfortune_final()
    {
        var honest = bench.Miner(1);
        var griefers = Join(2, 3, 4);
        var job = bench.Job();
        for (var i = 0; i < 4; i++)
        {
            griefers.ForEach(griefer => Fail(job, griefer));
        }

        Fail(job, honest);
        Do(job, honest);
    }

    [Fact]
    public void Miners_that_worked_for_the_client_are_believed_when_each_fails_its_job()
    {
        var miners = Join(1, 2, 3);
        bench.Miner(4);
        foreach (var miner in miners)
        {
            Do(bench.Job(), miner);
        }

        var bad = bench.Job();
        foreach (var miner in miners)
        {
            Fail(bad, miner);
        }

        Assert.Equal(JobPhase.Failed, bench.State.Jobs[bad].Phase);
        Assert.Equal(1, bench.State.Clients.Find(Messages.Client)!.Strikes);
        Assert.All(miners, miner => Assert.Equal(0, bench.State.Miners[miner].With(Messages.Client)!.Strikes));
    }

    [Fact]
    public void A_proof_gives_no_standing_before_its_job_is_decided()
    {
        var miners = Join(1, 2, 3);
        var job = bench.Job(replicas: 3);
        Fail(job, miners[0]);
        Bench.Accepted(bench.Prove(job, miners[1], bench.Claim(job, miners[1], 2), "a", attempt: 2));
        Assert.Null(bench.State.Miners[miners[1]].With(Messages.Client));
    }

    /// <summary>Wrong replicas from free names: the job is asked for again, and who has standing has no strike.</summary>
    [Fact]
    public void Replicas_that_disagree_cost_strangers_and_no_attempt()
    {
        var known = bench.Miner(1);
        var strangers = Join(2, 3, 4, 5);
        Do(bench.Job(), known);
        var job = bench.Job(replicas: 2);
        for (var i = 0; i < 3; i++)
        {
            bench.At += HeadStart;
            bench.Prove(job, known, bench.Claim(job, known, Attempt(job)), "right", Attempt(job));
            bench.Prove(job, strangers[i], bench.Claim(job, strangers[i], Attempt(job)), $"wrong {i}", Attempt(job));
        }

        Assert.True(bench.State.Jobs[job].IsOpen);
        Assert.Equal(0, bench.State.Miners[known].With(Messages.Client)!.Strikes);
        Assert.All(strangers.Take(3), stranger => Assert.Equal(1, bench.State.Miners[stranger].With(Messages.Client)!.Strikes));
    }

    [Fact]
    public void A_job_pays_at_least_the_least_and_a_client_owes_at_most_the_most()
    {
        var pool = new Bench(Settings with { MinAmount = Usdc.Parse("0.5"), MaxUnpaid = Usdc.Parse("3") });
        var miner = pool.Miner(1);
        Bench.Refused(ErrorCodes.AmountTooLow, pool.Send(pool.Messages.Job("0.499999")));
        var done = pool.Job("1");
        pool.Job("1");
        Bench.Accepted(pool.Prove(done, miner, pool.Claim(done, miner)));
        Bench.Refused(ErrorCodes.UnpaidCap, pool.Send(pool.Messages.Job("1.000001")));
        pool.Job("1");
        Bench.Refused(ErrorCodes.UnpaidCap, pool.Send(pool.Messages.Job("0.5")));
        Bench.Accepted(pool.Send(pool.Messages.Job("3") with { Client = Other(1) }));

        Bench.Accepted(pool.Send(new EpochEndInput()));
        Bench.Refused(ErrorCodes.UnpaidCap, pool.Send(pool.Messages.Job("1")));
        pool.SettleAndSeal(1);
        pool.Job("1");
    }

    [Fact]
    public void Of_a_miners_clients_those_it_did_nothing_for_are_forgotten_first()
    {
        var miner = bench.Miner(1);
        Join(2);
        Do(bench.Job(), miner);
        for (var i = 0; i < 3 * Standing.MostClients; i++)
        {
            var bad = Job(Other(i));
            bench.At += MostWait;
            Fail(bad, miner);
        }

        Assert.Equal(Standing.MostClients, bench.State.Miners[miner].Clients!.Count);
        Assert.True(bench.State.Miners[miner].With(Messages.Client)!.IsGood);
    }

    [Fact]
    public void The_state_and_its_standing_come_back_from_its_bytes()
    {
        var miners = Join(1, 2);
        Do(bench.Job(), miners[0]);
        Fail(bench.Job(), miners[0]);
        bench.At += HeadStart;
        Fail(Job(Other(7)), miners[1]);
        Bench.Accepted(bench.Send(new EpochEndInput()));
        var copy = StateCodec.Decode(StateCodec.Encode(bench.State));
        Assert.Equal(StateHash.Of(bench.State), StateHash.Of(copy));
        Assert.Equal(StateCodec.FormatOfRules2, StateCodec.FormatOf(copy));
        Assert.Equal(
            bench.State.Miners.WithStanding(Messages.Client).Select(m => m.Name), copy.Miners.WithStanding(Messages.Client).Select(m => m.Name));
        Assert.Equal(1_000_000, copy.Epochs.OwedBy(Messages.Client));
    }

    /// <summary>
    /// The bound, whatever griefers do: an honest job is never given up while an honest miner is left, it is tried in vain at most once by each
    /// name that did nothing, and once the pair has worked together and the miner waits for work, only in the newcomers' share.
    /// </summary>
    [Fact]
    public void No_combination_of_free_names_keeps_an_honest_pair_from_its_work() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 2].Array[1, 40], Gen.Int[1, 12]).Sample((griefers, moves, jobs) =>
        {
            var story = new StandingRulesTests();
            var honest = story.bench.Miner(1);
            var names = story.Join([.. Enumerable.Range(2, griefers)]);
            var move = 0;
            for (var i = 0; i < jobs; i++)
            {
                var job = story.bench.Job();
                var worked = story.bench.State.Miners[honest].With(Messages.Client)?.IsGood == true;
                var spoilt = 0;
                foreach (var name in names)
                {
                    spoilt += story.Grief(job, name, moves[move++ % moves.Length]) ? 1 : 0;
                }

                Assert.True(spoilt <= griefers);
                Assert.True(!worked || spoilt <= 1, $"{spoilt} attempts were spoilt though {honest} waited for the job");
                story.Do(job, honest);
            }
        });

    private static long MostWait => StandingRules.MostHeadStarts * HeadStart;

    // One griefer tries what it can at this moment: claims, and gives back at once, is silent, or holds on for as long as it may.
    private bool Grief(Cid job, EnsName name, int how)
    {
        if (bench.Send(bench.Messages.Claim(job, name, Attempt(job))).Kind != DecisionKind.Accepted)
        {
            return false;
        }

        var lease = bench.State.Jobs[job].Leases[0];
        if (how == 0)
        {
            Bench.Accepted(bench.Send(bench.Messages.Release(job, name, lease.Fence, lease.Attempt, LeaseEndReasons.Failed)));
        }
        else
        {
            bench.Pass(how == 1 ? Settings.ClaimTimeoutMs : lease.LimitUntil - bench.At);
        }

        return true;
    }

    private static EnsName Other(int number) => Messages.Miner(1000 + number); // A name like any other, as a client's.

    private Cid Job(EnsName client)
    {
        var job = Bench.Signed(bench.Messages.Job() with { Client = client });
        Bench.Accepted(bench.Send(job));
        return job.Cid;
    }

    private List<EnsName> Join(params int[] numbers) => [.. numbers.Select(number => bench.Miner(number))];

    private int Attempt(Cid job) => bench.State.Jobs[job].Attempt;

    private void Do(Cid job, EnsName miner)
    {
        var attempt = Attempt(job);
        if (bench.State.Jobs[job].ReservedUntil > bench.At && bench.State.Miners[miner].With(Messages.Client)?.IsGood != true)
        {
            bench.At = bench.State.Jobs[job].ReservedUntil!.Value;
        }

        Bench.Accepted(bench.Prove(job, miner, bench.Claim(job, miner, attempt), attempt: attempt));
    }

    /// <summary>The miner claims the job's present attempt, after whatever the pool asks it to wait, and gives it back as failed.</summary>
    private void Fail(Cid job, EnsName miner)
    {
        var entry = bench.State.Jobs[job];
        if (bench.State.Miners[miner].With(entry.Client)?.IsGood != true)
        {
            bench.At = Math.Max(bench.At, entry.ReservedUntil ?? 0);
        }

        bench.At = Math.Max(bench.At, bench.State.Miners[miner].With(entry.Client)?.PauseUntil ?? 0);
        var attempt = entry.Attempt;
        Bench.Accepted(bench.Send(bench.Messages.Release(job, miner, bench.Claim(job, miner, attempt), attempt, LeaseEndReasons.Failed)));
    }
}
