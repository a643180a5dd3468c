using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool.Checks;

/// <summary>Incidents of other networks, as far as the rules have a part in them: each must be impossible here.</summary>
public sealed class VerificationCasesTests
{
    private const string Right = "7";
    private const string Wrong = "0";

    private static readonly CheckSettings Scores = new()
    {
        Kinds = [new CheckKind("text", CheckKinds.Score)],
        Calibrations = [new ScoreCalibration(Messages.Model, CheckBench.Class, CheckBench.Class, 3_000, new ScoreLimits(10_000, 950_000, 10_000), new ScoreLimits(100_000, 900_000, 100_000))],
        DecoyPpm = 0,
    };

    [Fact]
    public void Case01_bad_jobs_that_were_checked_flag_a_miner_however_many_were_not()
    {
        var bench = new CheckBench(Scores);
        var miner = bench.Miner(1);
        var checker = bench.Miner(2);
        bench.Miner(3);
        var (bad, flagged) = (0, false);
        while (!flagged)
        {
            Assert.True(bad < 10);
            bench.Scored(miner, static (_, score) => score with { ExactWins = 50, MarginMicro = 900_000 }, "0.01");
            bad++;
            flagged = bench.Pool.Events.OfType<WorkRefused>().Any(static one => one.Reason == RefuseReasons.Scores);

            // Many between that nobody checked: they say nothing for it.
            for (var i = 0; i < 9 && !flagged; i++)
            {
                Unchecked(bench, miner, checker);
            }
        }

        Assert.Equal(9, bad);
        Assert.Equal((0L, 1L), (bench.Trust(miner).HeldMicro, bench.Trust(miner).Wrong));
        bench.AssertReplays();
    }

    [Fact]
    public void Case02_a_second_name_of_the_executors_payee_neither_checks_nor_replicates_it()
    {
        var bench = new CheckBench();
        var miner = bench.Miner(1);
        var alias = bench.Miner(2, paidAs: miner);
        bench.Miner(3, paidAs: miner);
        var job = bench.Job();
        Bench.Accepted(bench.Commit(job, miner, bench.Pool.Claim(job, miner), Right));
        Assert.DoesNotContain(bench.Pool.Events, static e => e is CheckAssigned or CheckPostponed);

        var replicas = bench.Job(replicas: 2);
        bench.Pool.Claim(replicas, miner);
        Bench.Refused(ErrorCodes.PayeeTakesPart, bench.Pool.Send(bench.Pool.Messages.Claim(replicas, alias)));

        // Nor two names of one payee as checkers of a third's answer.
        var honest = bench.Miner(4);
        var third = bench.Job();
        bench.Do(third, honest, miner => miner == honest ? Right : Wrong);
        Assert.Single(bench.Pool.Events.OfType<CheckAssigned>(), one => one.Cid == third);
        bench.AssertReplays();
    }

    [Fact]
    public void Case03_a_checker_that_fails_is_neither_right_nor_wrong_nor_paid()
    {
        var bench = new CheckBench(Scores);
        var miner = bench.Miner(1);
        bench.Miner(2);
        var job = bench.Scored(miner, static (_, score) => score with { Result = CheckResults.None, Positions = 0, ExactWins = 0, Detail = "the evidence can't be read" });
        Assert.Equal(CheckResults.None, bench.Pool.Events.OfType<CheckEnded>().Single().Reason);
        Assert.DoesNotContain(bench.Pool.Events, static e => e is CheckDecided or ScoreJudged or CheckScored);
        Assert.Equal(ProofChecks.Unchecked, bench.Pool.Events.OfType<JobDecided>().Single(one => one.Cid == job).Check);
        Assert.Equal(0, bench.Trust(miner).LlrMilliNats);
        bench.AssertReplays();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(31)]
    public void Case05_a_short_answer_with_one_flip_is_never_wrong_by_itself(int positions)
    {
        var bench = new CheckBench(Scores);
        var miner = bench.Miner(1);
        bench.Miner(2);
        bench.Miner(3);
        var job = bench.Scored(miner, (_, score) => score with { Positions = positions, ExactWins = positions - 1, MarginMicro = 150_000 });
        Assert.Equal(2, bench.Pool.Events.OfType<CheckScored>().Count(static one => one.Grade == ScoreGrades.Fail));
        Assert.DoesNotContain(bench.Pool.Events, static e => e is WorkRefused);
        Assert.Equal(miner, bench.Pool.Events.OfType<JobDecided>().Single(one => one.Cid == job).Parts.Single().Miner);
        Assert.Equal(new SequentialTest(Scores).FailStep, bench.Trust(miner).LlrMilliNats);

        // The same scores of a longer one: it is not paid, and its miner is not found wrong by that alone.
        job = bench.Scored(miner, static (_, score) => score with { Positions = 32, ExactWins = 31, MarginMicro = 150_000 });
        Assert.Equal(RefuseReasons.Failed, bench.Pool.Events.OfType<WorkRefused>().Single(one => one.Cid == job).Reason);
        Assert.Equal((0L, null), (bench.Trust(miner).Wrong, bench.Trust(miner).StruckAt));
        Assert.Equal(JobPhase.Pending, bench.State.Jobs[job].Phase);
        bench.AssertReplays();
    }

    [Fact]
    public void Case06_settings_that_can_tell_nothing_or_that_nothing_reads_do_not_start()
    {
        Assert.NotEmpty(CheckSettingRules.Problems(Bench.DefaultSettings with { Checks = new CheckSettings { P0Ppm = 100_000, P1Ppm = 100_000 } }));
        Assert.NotEmpty(CheckSettingRules.Problems(Bench.DefaultSettings with { Checks = Scores with { Kinds = null } }));
        Assert.Empty(CheckSettingRules.Problems(Bench.DefaultSettings with { Checks = Scores }));
    }

    [Fact]
    public void Case07_an_answer_that_a_relay_kept_back_is_shown_later_and_nothing_is_left_against_its_miner()
    {
        var bench = new CheckBench();
        var (miner, other) = (bench.Miner(1), bench.Miner(2));
        bench.Miner(3);
        var job = bench.Job();
        var fence = bench.Pool.Claim(job, miner);
        Bench.Accepted(bench.Commit(job, miner, fence, Right));
        var check = bench.ChecksOf(job).Single();
        Bench.Accepted(bench.Commit(job, check.Miner, check.Fence, Right));
        Bench.Accepted(bench.Reveal(job, check.Miner, check.Fence, Right));
        var proof = bench.Proof(job, miner, fence, Right);
        bench.Pool.Pass(30_000);
        Assert.Equal((1, 0L), (bench.Trust(miner).Marks, bench.Trust(miner).Wrong));
        Assert.DoesNotContain(bench.State.Miners[miner].Clients ?? [], static one => one.Strikes > 0 || one.PauseUntil > 0);
        Bench.Refused(ErrorCodes.NoLiveLease, bench.Pool.Send(proof));

        bench.Do(job, other, static _ => Right);
        Assert.IsType<LateRevealed>(Bench.Accepted(bench.Pool.Send(proof)).Events.Single());
        Assert.Equal(0, bench.Trust(miner).Marks);
        Bench.Refused(ErrorCodes.NoLiveLease, bench.Pool.Send(proof));
        bench.AssertReplays();
    }

    [Fact]
    public void Case07_what_is_shown_late_and_is_not_what_others_found_takes_nothing_back()
    {
        var bench = new CheckBench();
        var (miner, other) = (bench.Miner(1), bench.Miner(2));
        bench.Miner(3);
        var job = bench.Job();
        var fence = bench.Pool.Claim(job, miner);
        Bench.Accepted(bench.Commit(job, miner, fence, Wrong));
        var proof = bench.Proof(job, miner, fence, Wrong);
        Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(job, miner, fence)));
        bench.Do(job, other, static _ => Right);
        Bench.Refused(ErrorCodes.NoLiveLease, bench.Pool.Send(proof));
        Assert.Equal(1, bench.Trust(miner).Marks);
        bench.AssertReplays();
    }

    [Fact]
    public void Case08_a_check_that_takes_longer_than_the_lease_and_the_deadline_ends_neither()
    {
        var bench = new CheckBench();
        var (miner, checker) = (bench.Miner(1), bench.Miner(2));
        var job = Bench.Signed(bench.Pool.Messages.Job(deadline: (bench.Pool.At / 1000) + 70));
        Bench.Accepted(bench.Pool.Send(job));
        var fence = bench.Pool.Claim(job.Cid, miner);
        bench.Pool.Pass(50_000);
        Bench.Accepted(bench.Commit(job.Cid, miner, fence, Right));
        var check = bench.ChecksOf(job.Cid).Single();
        for (var i = 0; i < 8; i++)
        {
            bench.Pool.Pass(40_000);
            Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Heartbeat(checker, job.Cid, check.Fence)));
        }

        Assert.DoesNotContain(bench.Pool.Events, static e => e is LeaseEnded or JobFailed or CheckEnded);
        Bench.Accepted(bench.Commit(job.Cid, checker, check.Fence, Right));
        bench.Finish(job.Cid, static _ => Right);
        Assert.Equal(ProofChecks.Right, bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
        bench.AssertReplays();
    }

    [Fact]
    public void Case08_a_job_whose_answer_is_refused_after_its_deadline_expires_then()
    {
        var bench = new CheckBench();
        var miner = bench.Miner(1);
        bench.Miner(2);
        bench.Miner(3);
        var job = Bench.Signed(bench.Pool.Messages.Job(deadline: (bench.Pool.At / 1000) + 20));
        Bench.Accepted(bench.Pool.Send(job));
        Bench.Accepted(bench.Commit(job.Cid, miner, bench.Pool.Claim(job.Cid, miner), Wrong));
        bench.Pool.Pass(25_000);
        Assert.True(bench.State.Jobs[job.Cid].IsOpen);
        bench.Finish(job.Cid, one => one == miner ? Wrong : Right);
        Assert.Single(bench.Pool.Records[^1].Events.OfType<WorkRefused>());
        bench.Pool.Settle();
        Assert.Equal(JobPhase.Expired, bench.State.Jobs[job.Cid].Phase);
        bench.AssertReplays();
    }

    /// <summary>Nothing takes a model's only miner away: not a check that finds it wrong, nor marks. It is checked more, and the model stays served.</summary>
    [Fact]
    public void Case09_the_only_miner_of_a_model_is_never_removed_by_a_check()
    {
        var bench = new CheckBench(Scores);
        var miner = bench.Miner(1);
        var scorer = bench.Miner(2);
        bench.Miner(3);
        for (var i = 0; i < 12; i++)
        {
            bench.Scored(miner, static (_, score) => score with { ExactWins = 0 }, "0.01");
        }

        Assert.Contains(bench.Pool.Events, static e => e is WorkRefused { Reason: RefuseReasons.Scores });
        Assert.True(bench.State.Miners.TryGet(miner, out _));
        var job = bench.Job(type: "text");
        bench.Pool.Pass(3_600_000);
        Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Claim(bench.Job(type: "text"), miner)));
        Assert.NotEqual(default, scorer);
        Assert.NotEqual(default, job);
        bench.AssertReplays();
    }

    [Fact]
    public void Case10_answers_that_fail_at_once_do_not_absorb_the_queue_and_an_unrelated_success_does_not_clear_that()
    {
        var bench = new CheckBench();
        var (failer, other) = (bench.Miner(1), bench.Miner(2));
        bench.Miner(3);
        var claims = 0;
        for (var i = 0; i < 20; i++)
        {
            var job = bench.Job();
            if (bench.Pool.Send(bench.Pool.Messages.Claim(job, failer)) is { Kind: DecisionKind.Accepted })
            {
                claims++;
                Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(job, failer, bench.State.Fence, reason: LeaseEndReasons.Failed)));
            }

            bench.Pool.Pass(100);
        }

        Assert.Equal(2, claims);

        // Another client's job that it does well changes nothing for this one.
        var stranger = Bench.Signed(bench.Pool.Messages.Job(client: EnsName.Parse("other.client.eth")));
        Bench.Accepted(bench.Pool.Send(stranger));
        bench.Do(stranger.Cid, failer, static _ => Right);
        Assert.Equal(JobPhase.Completed, bench.State.Jobs[stranger.Cid].Phase);
        Bench.Refused(ErrorCodes.CoolDownWithClient, bench.Pool.Send(bench.Pool.Messages.Claim(bench.Job(), failer)));
        Assert.NotEqual(default, other);
        bench.AssertReplays();
    }

    [Fact]
    public void Case12_a_checker_of_another_class_that_gets_something_else_finds_nobody_wrong()
    {
        var bench = new CheckBench();
        var miner = bench.Miner(1);
        bench.Miner(2);
        bench.Miner(3);
        var job = bench.Job();
        bench.Do(job, miner, one => one == miner ? Right : Wrong, one => one == miner ? null : "another build");
        var record = bench.Pool.Records[^1];
        Assert.Equal(RefuseReasons.OtherClass, record.Events.OfType<WorkRefused>().Single().Reason);
        Assert.DoesNotContain(record.Events, static e => e is ProofDisputed or JobDecided);
        Assert.Equal((0L, 0, null), (bench.Trust(miner).Wrong, bench.Trust(miner).Marks, bench.Trust(miner).StruckAt));

        // Nor is the one of another class marked that is alone against two.
        var other = bench.Job();
        bench.Do(other, miner, one => one == FirstOf(other) ? Wrong : Right, one => one == FirstOf(other) ? "another build" : null);
        Assert.Equal(ProofChecks.Right, bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
        Assert.Equal([null, null], bench.Pool.Records[^1].Events.OfType<CheckDecided>().Select(static one => one.Marked));

        // And scores of a class that no calibration knows say nothing.
        var scored = new CheckBench(Scores);
        var executor = scored.Miner(1);
        scored.Miner(2);
        scored.Scored(executor, static (_, score) => score with { ExactWins = 0, Class = CheckBench.Class with { Runtime = "another build" } });
        Assert.DoesNotContain(scored.Pool.Events, static e => e is CheckScored or ScoreJudged);
        bench.AssertReplays();
        scored.AssertReplays();

        EnsName? FirstOf(Cid cid) => bench.Pool.Events.OfType<CheckAssigned>().FirstOrDefault(check => check.Cid == cid)?.Miner;
    }

    [Fact]
    public void Case12_where_a_verifier_compares_an_answer_of_another_class_stands_aside_and_another_is_asked()
    {
        var bench = new CheckBench(new CheckSettings { Comparer = "tolerance" });
        var miner = bench.Miner(1);
        for (var i = 2; i < 6; i++)
        {
            bench.Miner(i);
        }

        // One of another class says nothing; the next, of the executor's own, does.
        var (job, fence, first) = Shown(bench, miner, aside: true);
        var second = bench.ChecksOf(job).Single();
        Bench.Accepted(bench.Commit(job, second.Miner, second.Fence, "0.50001"));
        bench.Pool.Agreement = new AgreementFact("tolerance", [[fence, second.Fence], [first.Fence]]) { Aside = [first.Fence] };
        Bench.Accepted(bench.Reveal(job, second.Miner, second.Fence, "0.50001"));
        var record = bench.Pool.Records[^1];
        Assert.Equal(ProofChecks.Right, record.Events.OfType<JobDecided>().Single().Check);
        Assert.Equal(
            [(first.Fence, CheckVerdicts.None, 0L, null), (second.Fence, CheckVerdicts.Right, 100_000L, null)],
            record.Events.OfType<CheckDecided>().Select(static one => (one.Fence, one.Verdict, one.Fee.Micro, one.Marked)).OrderBy(static one => one.Fence));

        // It is the executor that is of another class than two that agree: not paid, and not found wrong.
        (job, fence, first) = Shown(bench, miner, aside: true);
        second = bench.ChecksOf(job).Single();
        Bench.Accepted(bench.Commit(job, second.Miner, second.Fence, "0.9"));
        bench.Pool.Agreement = new AgreementFact("tolerance", [[first.Fence, second.Fence], [fence]]) { Aside = [fence] };
        Bench.Accepted(bench.Reveal(job, second.Miner, second.Fence, "0.9"));
        Assert.Equal(RefuseReasons.OtherClass, bench.Pool.Records[^1].Events.OfType<WorkRefused>().Single().Reason);
        Assert.Equal((0L, 0, null), (bench.Trust(miner).Wrong, bench.Trust(miner).Marks, bench.Trust(miner).StruckAt));

        // Without the word that it is of another class the same is wrong.
        (job, fence, first) = Shown(bench, miner, aside: false);
        second = bench.ChecksOf(job).Single();
        Bench.Accepted(bench.Commit(job, second.Miner, second.Fence, "0.9"));
        bench.Pool.Agreement = new AgreementFact("tolerance", [[first.Fence, second.Fence], [fence]]);
        Bench.Accepted(bench.Reveal(job, second.Miner, second.Fence, "0.9"));
        Assert.Equal(RefuseReasons.Outvoted, bench.Pool.Records[^1].Events.OfType<WorkRefused>().Single().Reason);
        bench.AssertReplays();
    }

    [Fact]
    public void Case12_with_nobody_of_its_class_to_check_it_an_answer_is_decided_unchecked()
    {
        var bench = new CheckBench(new CheckSettings { Comparer = "tolerance" });
        var miner = bench.Miner(1);
        bench.Miner(2);
        var (job, _, first) = Shown(bench, miner, aside: true);
        var record = bench.Pool.Records[^1];
        Assert.Equal((ProofChecks.Unchecked, miner), record.Events.OfType<JobDecided>().Single() is var decided ? (decided.Check, decided.Parts.Single().Miner) : default);
        Assert.Equal((first.Fence, CheckVerdicts.None, 0L), record.Events.OfType<CheckDecided>().Single() is var check ? (check.Fence, check.Verdict, check.Fee.Micro) : default);
        Assert.Equal(JobPhase.Completed, bench.State.Jobs[job].Phase);
        bench.AssertReplays();
    }

    /// <summary>The verifier has no word: the answers are kept, nobody is judged, and it is asked at each look until it has.</summary>
    [Fact]
    public void Case08_answers_wait_for_a_verifier_that_has_no_word_and_nobody_is_blamed()
    {
        var bench = new CheckBench(new CheckSettings { Comparer = "tolerance" });
        var miner = bench.Miner(1);
        bench.Miner(2);
        var (job, fence, first) = Shown(bench, miner, aside: null);
        Assert.IsType<CheckPostponed>(bench.Pool.Records[^1].Events[^1]);
        for (var i = 0; i < 3; i++)
        {
            bench.Pool.Pass(60_000);
            Assert.IsType<CheckPostponed>(bench.Pool.Records[^1].Events.Single());
        }

        Assert.DoesNotContain(bench.Pool.Events, static e => e is LeaseEnded or CheckEnded or CheckDecided or JobRequeued);
        bench.Pool.Agreement = new AgreementFact("tolerance", []) { Aside = [fence] };
        var look = bench.State.Jobs[job].Checking!.AskAt!.Value;
        Assert.Equal(ErrorCodes.VerdictImpossible, PoolMachine.Decide(bench.State, new TimeInput(), new PoolFacts { Agreement = bench.Pool.Agreement }, look).Refusal!.Code);
        bench.Pool.Agreement = new AgreementFact("tolerance", [[fence, first.Fence]]);
        bench.Pool.Pass(60_000);
        Assert.Equal(ProofChecks.Right, bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
        Assert.Equal(0, bench.Trust(miner).Marks);
        bench.AssertReplays();
    }

    // A job whose executor and first checker have shown answers that differ, with what the verifier says: of another class, of the same, or nothing.
    private static (Cid Job, long Fence, CheckWork First) Shown(CheckBench bench, EnsName miner, bool? aside)
    {
        var job = bench.Job();
        var fence = bench.Pool.Claim(job, miner);
        Bench.Accepted(bench.Commit(job, miner, fence, "0.5"));
        var first = bench.ChecksOf(job).Single();
        Bench.Accepted(bench.Commit(job, first.Miner, first.Fence, "0.8"));
        Bench.Accepted(bench.Reveal(job, first.Miner, first.Fence, "0.8"));
        bench.Pool.Agreement = aside is { } says ? new AgreementFact("tolerance", [[fence], [first.Fence]]) { Aside = says ? [first.Fence] : null } : AgreementFact.Untold("tolerance");
        Bench.Accepted(bench.Reveal(job, miner, fence, "0.5"));
        return (job, fence, first);
    }

    // A job that was not checked: whoever could check it says nothing.
    private static void Unchecked(CheckBench bench, EnsName miner, EnsName checker)
    {
        var job = bench.Job("0.01", type: "text");
        bench.Do(job, miner, static _ => "an answer");
        while (bench.ChecksOf(job) is [var work, ..])
        {
            Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(job, work.Miner, work.Fence)));
        }

        Assert.NotEqual(default, checker);
        Assert.Equal(ProofChecks.Unchecked, bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
    }
}
