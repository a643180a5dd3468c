using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Tests.Pool.Checks;

/// <summary>From claim to money where work is checked by running it again. Each test's records are decided again at its end.</summary>
public sealed class CheckRulesTests : IDisposable
{
    private const string Right = "7";
    private const string Wrong = "0";

    private readonly CheckBench bench = new();

    public void Dispose() => bench.AssertReplays();

    [Fact]
    public void A_newcomers_answer_is_checked_by_another_and_both_are_told_one_after_the_other()
    {
        var (miner, other) = (bench.Miner(1), bench.Miner(2));
        var job = bench.Job("1");
        var fence = bench.Pool.Claim(job, miner);
        Bench.Refused(ErrorCodes.CommitmentMissing, bench.Reveal(job, miner, fence, Right));

        var committed = Bench.Accepted(bench.Commit(job, miner, fence, Right)).Events;
        Assert.Equal((true, null), (((ProofCommitted)committed[0]).Drawn, ((ProofCommitted)committed[0]).RevealUntil));
        var check = (CheckAssigned)committed[1];
        Assert.Equal((other, CheckKinds.Run, fence + 1), (check.Miner, check.Kind, check.Fence));
        Bench.Refused(ErrorCodes.RevealTooEarly, bench.Reveal(job, miner, fence, Right));
        Assert.Equal((0, 1), (bench.State.Miners[miner].LiveClaims, bench.State.Miners[other].LiveClaims));

        var checks = Bench.Accepted(bench.Commit(job, other, check.Fence, Right)).Events;
        Assert.Equal([check.Fence], ((RevealAsked)checks[^1]).Fences);
        Bench.Refused(ErrorCodes.RevealTooEarly, bench.Reveal(job, miner, fence, Right));
        var shown = Bench.Accepted(bench.Reveal(job, other, check.Fence, Right)).Events;
        Assert.Equal([fence], ((RevealAsked)shown[^1]).Fences);

        var events = Bench.Accepted(bench.Reveal(job, miner, fence, Right)).Events;
        Assert.Equal((CheckVerdicts.Right, 100_000), (events.OfType<CheckDecided>().Single().Verdict, events.OfType<CheckDecided>().Single().Fee.Micro));
        var decided = events.OfType<JobDecided>().Single();
        Assert.Equal((ProofChecks.Right, miner, Messages.Model), (decided.Check, decided.Parts.Single().Miner, decided.Model));
        Assert.Equal((1L, 1L, 1_000_000L), (bench.Trust(miner).Decided, bench.Trust(miner).Checked, bench.Trust(miner).HeldMicro));
        Assert.Equal((0, 0, 0), (bench.State.Miners[miner].Waiting, bench.State.Miners[other].Waiting, bench.State.Miners[other].LiveClaims));
    }

    [Fact]
    public void Whoever_is_known_and_not_drawn_shows_its_answer_at_once()
    {
        var miner = bench.Miner(1);
        bench.Miner(2);
        Grow(miner, 400);
        var form = 0;
        for (var i = 0; i < 40; i++)
        {
            var job = bench.Job("0.1");
            var fence = bench.Pool.Claim(job, miner);
            var committed = (ProofCommitted)Bench.Accepted(bench.Commit(job, miner, fence, Right)).Events[0];
            Assert.Equal(committed.Drawn == false ? bench.Pool.At + 30_000 : null, committed.RevealUntil);
            bench.Finish(job, static _ => Right);
            form += bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check == ProofChecks.Form ? 1 : 0;
        }

        Assert.InRange(form, 30, 40);
    }

    [Fact]
    public void Every_draw_is_what_a_stranger_recomputes()
    {
        var miner = bench.Miner(1);
        bench.Miner(2);
        for (var i = 0; i < 60; i++)
        {
            var before = bench.Trust(miner);
            var job = bench.Job("0.1");
            bench.Do(job, miner, static _ => Right);
            var committed = bench.Pool.Events.OfType<ProofCommitted>().Last(one => one.Cid == job && one.Drawn is not null);
            Assert.Equal(Draw.IsDrawn(Draw.Point(CheckBench.Secret, job, committed.Fence), bench.State.Checks!, before.Decided, 100_000, before.HeldMicro), committed.Drawn);
        }
    }

    [Fact]
    public void An_answer_that_two_others_contradict_is_refused_its_held_work_is_struck_and_the_job_goes_on()
    {
        var (liar, first, second) = (bench.Miner(1), bench.Miner(2), bench.Miner(3));
        bench.Do(bench.Job(), liar, static _ => Right);
        Assert.Equal(1_000_000, bench.Trust(liar).HeldMicro);
        var job = bench.Job();
        bench.Do(job, liar, miner => miner == liar ? Wrong : Right);

        var record = bench.Pool.Records[^1];
        var refused = record.Events.OfType<WorkRefused>().Single();
        Assert.Equal((liar, RefuseReasons.Outvoted), (refused.Miner, refused.Reason));
        Assert.Equal([CheckVerdicts.Wrong, CheckVerdicts.Wrong], record.Events.OfType<CheckDecided>().Select(static one => one.Verdict));
        Assert.All(record.Events.OfType<CheckDecided>(), static one => Assert.Equal(0, one.Fee.Micro)); // Its client pays nothing, so nobody gets anything: else whoever owns all three makes money of it.
        Assert.Equal((0L, 1L, record.Sequence, 0L), (bench.Trust(liar).Decided, bench.Trust(liar).Wrong, bench.Trust(liar).StruckAt, bench.Trust(liar).HeldMicro));
        Assert.Equal((JobPhase.Pending, 2, null), (bench.State.Jobs[job].Phase, bench.State.Jobs[job].Attempt, bench.State.Jobs[job].Counted));
        Assert.DoesNotContain(record.Events, static e => e is JobDecided);

        // The strike is its client's too; and it gives this job no other answer.
        Assert.Equal(1, bench.State.Miners[liar].With(Messages.Client)!.Strikes);
        Bench.Refused(ErrorCodes.AnswerWasRefused, bench.Pool.Send(bench.Pool.Messages.Claim(job, liar, 2)));
        bench.Do(job, first, static _ => Right);
        Assert.Equal(ProofChecks.Right, bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
        Assert.Equal(second, bench.Pool.Events.OfType<CheckAssigned>().Last().Miner);
    }

    [Fact]
    public void A_checker_that_slanders_is_marked_and_after_two_marks_it_checks_no_more()
    {
        var (honest, slanderer) = (bench.Miner(1), bench.Miner(2));
        bench.Miner(3);
        var slanders = 0;
        for (var i = 0; i < 30 && bench.Trust(slanderer).Marks < 2; i++)
        {
            bench.Do(bench.Job(), honest, miner => miner == slanderer ? Wrong : Right);
            var record = bench.Pool.Records[^1];
            Assert.Equal(honest, record.Events.OfType<JobDecided>().Single().Parts.Single().Miner);
            slanders += record.Events.OfType<CheckDecided>().Count(one => one.Checker == slanderer);
            Assert.All(record.Events.OfType<CheckDecided>().Where(one => one.Checker == slanderer), static one => Assert.Equal((CheckVerdicts.None, Usdc.Zero, true), (one.Verdict, one.Fee, one.Marked)));
        }

        Assert.Equal((2, 2), (slanders, bench.Trust(slanderer).Marks));
        var asked = bench.Pool.Events.OfType<CheckAssigned>().Count();
        for (var i = 0; i < 10; i++)
        {
            bench.Do(bench.Job(), honest, static _ => Right);
        }

        Assert.DoesNotContain(bench.Pool.Events.OfType<CheckAssigned>().Skip(asked), one => one.Miner == slanderer);
        Assert.Equal(0, bench.Trust(honest).Wrong);
    }

    [Fact]
    public void One_against_one_with_no_third_to_be_had_nobody_is_right_and_nobody_wrong()
    {
        var (one, other) = (bench.Miner(1), bench.Miner(2));
        var job = bench.Job();
        bench.Do(job, one, miner => miner == one ? Wrong : Right);
        var record = bench.Pool.Records[^1];
        Assert.Equal(CheckVerdicts.None, record.Events.OfType<CheckDecided>().Single().Verdict);
        Assert.DoesNotContain(record.Events, static e => e is JobDecided or WorkRefused);
        Assert.Equal((JobPhase.Pending, 2), (bench.State.Jobs[job].Phase, bench.State.Jobs[job].Attempt));
        Assert.Equal((0, 0), (bench.Trust(one).Marks, bench.Trust(other).Marks));
    }

    [Fact]
    public void A_busy_checker_is_waited_for_and_when_nobody_becomes_free_the_form_counts_and_the_answer_is_called_unchecked()
    {
        var miner = bench.Miner(1);
        var busy = bench.Miner(2);
        var others = Enumerable.Range(0, 20).Select(_ => bench.Job()).ToList();
        foreach (var other in others)
        {
            bench.Pool.Claim(other, busy);
        }

        var job = bench.Job();
        var fence = bench.Pool.Claim(job, miner);
        Assert.IsType<CheckPostponed>(Bench.Accepted(bench.Commit(job, miner, fence, Right)).Events[^1]);
        bench.Pool.Pass(10_000);
        Assert.IsType<CheckPostponed>(bench.Pool.Records[^1].Events.Single());

        // One becomes free: it is given the check.
        Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(others[0], busy, bench.State.Jobs[others[0]].Leases[0].Fence)));
        bench.Pool.Pass(10_000);
        Assert.Equal(busy, Assert.IsType<CheckAssigned>(bench.Pool.Records[^1].Events.Single()).Miner);

        // It says nothing, and the next look finds nobody who was not asked.
        bench.Pool.Pass(600_000);
        Assert.Contains(bench.Pool.Events, e => e is CheckEnded { Reason: LeaseEndReasons.Timeout } ended && ended.Miner == busy);
        Bench.Accepted(bench.Reveal(job, miner, fence, Right));
        Assert.Equal(ProofChecks.Unchecked, bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
        Assert.Equal((0L, 1_000_000L), (bench.Trust(miner).Decided, bench.Trust(miner).HeldMicro));
    }

    [Fact]
    public void A_client_that_wants_every_answer_checked_pays_for_none_that_nobody_could_check()
    {
        var miner = bench.Miner(1);
        var job = bench.Job(check: JobChecks.Always);
        var fence = bench.Pool.Claim(job, miner);
        Assert.Equal(JobFailReasons.Unchecked, ((JobFailed)Bench.Accepted(bench.Commit(job, miner, fence, Right)).Events[^1]).Reason);
        Assert.Equal((JobPhase.Failed, 0, 0), (bench.State.Jobs[job].Phase, bench.State.Miners[miner].LiveClaims, bench.State.Miners[miner].Waiting));
        bench.Miner(2);
        Grow(miner, 500);
        job = bench.Job(check: JobChecks.Always);
        bench.Do(job, miner, static _ => Right);
        Assert.Equal(ProofChecks.Right, bench.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
    }

    [Fact]
    public void A_commitment_is_said_once_and_is_opened_by_its_own_answer_alone()
    {
        var (miner, copycat) = (bench.Miner(1), bench.Miner(2));
        var job = bench.Job();
        var fence = bench.Pool.Claim(job, miner);
        Bench.Accepted(bench.Commit(job, miner, fence, Right));
        Assert.Equal(DecisionKind.Repeated, bench.Commit(job, miner, fence, Right).Kind);
        Bench.Refused(ErrorCodes.CommittedOtherwise, bench.Commit(job, miner, fence, Wrong));
        Bench.Refused(ErrorCodes.WrongFence, bench.Commit(job, copycat, fence, Right));
        Bench.Refused(ErrorCodes.NoLiveLease, bench.Commit(job, miner, fence + 9, Right));

        // The other's commitment as its own: it can't be opened.
        var check = bench.ChecksOf(job).Single();
        Bench.Accepted(bench.Commit(job, copycat, check.Fence, Right, commitment: CheckBench.CommitmentTo(job, miner, fence, Right)));
        Bench.Refused(ErrorCodes.CommitmentMismatch, bench.Reveal(job, copycat, check.Fence, Right));
        Bench.Refused(ErrorCodes.CommitmentMismatch, bench.Pool.Send(bench.Proof(job, copycat, check.Fence, Right) with { Salt = null }));
    }

    [Fact]
    public void Replicas_commit_before_any_of_them_is_seen_and_are_of_different_payees()
    {
        var (one, two, three) = (bench.Miner(1), bench.Miner(2), bench.Miner(3));
        var alias = bench.Miner(4, paidAs: one);
        var job = bench.Job("0.1", replicas: 3);
        var fences = new Dictionary<EnsName, long> { [one] = bench.Pool.Claim(job, one) };
        Bench.Refused(ErrorCodes.PayeeTakesPart, bench.Pool.Send(bench.Pool.Messages.Claim(job, alias)));
        Assert.Single(Bench.Accepted(bench.Commit(job, one, fences[one], Right)).Events);
        fences[two] = bench.Pool.Claim(job, two);
        fences[three] = bench.Pool.Claim(job, three);

        // It has pointed its name elsewhere since it registered.
        bench.Pool.Payouts[two] = CheckBench.PayeeOf(one);
        Bench.Refused(ErrorCodes.PayeeTakesPart, bench.Commit(job, two, fences[two], Right));
        bench.Pool.Payouts.Remove(two);
        Bench.Accepted(bench.Commit(job, two, fences[two], Right));
        Bench.Refused(ErrorCodes.RevealTooEarly, bench.Reveal(job, one, fences[one], Right));
        var asked = (RevealAsked)Bench.Accepted(bench.Commit(job, three, fences[three], Wrong)).Events[^1];
        Assert.Equal(fences.Values, asked.Fences);
        bench.Finish(job, miner => miner == three ? Wrong : Right);

        var events = bench.Pool.Records[^1].Events;
        Assert.Equal((ProofChecks.Replicas, 2), (events.OfType<JobDecided>().Single().Check, events.OfType<JobDecided>().Single().Parts.Count));
        Assert.Equal(three, events.OfType<WorkRefused>().Single().Miner);
        Assert.Equal(1, bench.Trust(three).Wrong);
    }

    [Fact]
    public void Two_replicas_that_differ_are_told_apart_by_a_third()
    {
        var (one, two, third) = (bench.Miner(1), bench.Miner(2), bench.Miner(3));
        var job = bench.Job(replicas: 2);
        foreach (var miner in new[] { one, two })
        {
            Bench.Accepted(bench.Commit(job, miner, bench.Pool.Claim(job, miner), miner == one ? Wrong : Right));
        }

        bench.Finish(job, miner => miner == one ? Wrong : Right);
        var events = bench.Pool.Records[^1].Events;
        Assert.Equal(two, events.OfType<JobDecided>().Single().Parts.Single().Miner);
        Assert.Equal((third, CheckVerdicts.Right), (events.OfType<CheckDecided>().Single().Checker, events.OfType<CheckDecided>().Single().Verdict));
        Assert.Equal(one, events.OfType<WorkRefused>().Single().Miner);
    }

    [Fact]
    public void A_replica_that_shows_nothing_does_not_undo_the_others()
    {
        var miners = Enumerable.Range(1, 3).Select(number => bench.Miner(number)).ToList();
        var job = bench.Job(replicas: 3);
        var fences = miners.ConvertAll(miner => bench.Pool.Claim(job, miner));
        for (var i = 0; i < 3; i++)
        {
            Bench.Accepted(bench.Commit(job, miners[i], fences[i], Right));
        }

        Bench.Accepted(bench.Reveal(job, miners[0], fences[0], Right));
        Bench.Accepted(bench.Reveal(job, miners[1], fences[1], Right));
        bench.Pool.Pass(30_000);
        var events = bench.Pool.Events.ToList();
        Assert.Equal([miners[0], miners[1]], events.OfType<JobDecided>().Single().Parts.Select(static part => part.Miner));
        Assert.Equal(LeaseEndReasons.Withheld, events.OfType<LeaseEnded>().Single().Reason);
        Assert.Equal(1, bench.Trust(miners[2]).Marks);
    }

    [Fact]
    public void Whoever_withholds_what_is_drawn_is_marked_and_the_second_time_found_wrong()
    {
        var (withholder, other) = (bench.Miner(1), bench.Miner(2));
        bench.Do(bench.Job(), withholder, static _ => Right);
        for (var i = 1; i <= 2; i++)
        {
            var job = bench.Job();
            var fence = bench.Pool.Claim(job, withholder);
            Bench.Accepted(bench.Commit(job, withholder, fence, Wrong));
            var check = bench.ChecksOf(job).Single();
            Bench.Accepted(bench.Commit(job, other, check.Fence, Right));
            Bench.Accepted(bench.Reveal(job, other, check.Fence, Right));
            Bench.Accepted(i == 1 ? bench.Pool.Send(bench.Pool.Messages.Release(job, withholder, fence)) : Expired());
            var events = bench.Pool.Records[^1].Events;
            Assert.Equal(LeaseEndReasons.Withheld, events.OfType<LeaseEnded>().Single().Reason);
            Assert.Equal((CheckVerdicts.None, Usdc.Zero), (events.OfType<CheckDecided>().Single().Verdict, events.OfType<CheckDecided>().Single().Fee));
            Assert.Equal(i == 2, events.OfType<WorkRefused>().Any());
            Assert.Equal((i, 0L, i == 2 ? 0 : 1_000_000L), (bench.Trust(withholder).Marks, bench.Trust(withholder).Decided, bench.Trust(withholder).HeldMicro));
            Assert.Null(bench.State.Miners[withholder].With(Messages.Client)?.PauseUntil is > 0 ? "paused" : null);
            Bench.Refused(ErrorCodes.AnswerWasRefused, bench.Pool.Send(bench.Pool.Messages.Claim(job, withholder, 2)));
        }

        Assert.Equal(RefuseReasons.Withheld, bench.Pool.Events.OfType<WorkRefused>().Single().Reason);

        Decision Expired()
        {
            bench.Pool.At += 30_000;
            return bench.Pool.Send(new TimeInput());
        }
    }

    [Fact]
    public void Marks_are_forgotten_with_work_that_stands()
    {
        var (miner, other) = (bench.Miner(1), bench.Miner(2));
        var job = bench.Job();
        Bench.Accepted(bench.Commit(job, miner, bench.Pool.Claim(job, miner), Right));
        bench.Do(bench.Job(), other, static _ => Right);
        Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(job, miner, bench.State.Jobs[job].Leases[0].Fence)));
        Assert.Equal(1, bench.Trust(miner).Marks);
        Grow(miner, 379);
        Assert.Equal(1, bench.Trust(miner).Marks);
        Grow(miner, 1);
        Assert.Equal(0, bench.Trust(miner).Marks);
    }

    [Fact]
    public void Who_has_many_answers_waiting_claims_no_more()
    {
        var few = new CheckBench(change: static settings => settings with { ClaimsPerMiner = 1, CoolDownMs = 0 });
        var (hoarder, other) = (few.Miner(1), few.Miner(2));
        for (var i = 0; i < CheckClaims.MostWaiting; i++)
        {
            var job = few.Job();
            Bench.Accepted(few.Commit(job, hoarder, few.Pool.Claim(job, hoarder), Wrong));
        }

        Assert.Equal((CheckClaims.MostWaiting, 1), (few.State.Miners[hoarder].Waiting, few.State.Miners[other].LiveClaims));
        Bench.Refused(ErrorCodes.ClaimCap, few.Pool.Send(few.Pool.Messages.Claim(few.Job(), hoarder)));
        few.AssertReplays();
    }

    [Fact]
    public void Of_those_who_could_check_the_first_by_the_secret_is_asked_and_the_next_when_it_fails()
    {
        var miners = Enumerable.Range(1, 5).Select(number => bench.Miner(number)).ToList();
        var job = bench.Job();
        Bench.Accepted(bench.Commit(job, miners[0], bench.Pool.Claim(job, miners[0]), Right));
        var ranked = miners.Skip(1).OrderBy(miner => Convert.ToHexStringLower(Draw.Rank(CheckBench.Secret, job, miner.Text)), StringComparer.Ordinal).ToList();
        foreach (var miner in ranked)
        {
            var check = bench.ChecksOf(job).Single();
            Assert.Equal(miner, check.Miner);
            Bench.Accepted(bench.Pool.Send(bench.Pool.Messages.Release(job, miner, check.Fence, reason: LeaseEndReasons.Failed, detail: "out of memory")));
            Assert.Equal((0, 0), (bench.State.Miners[miner].LiveClaims, bench.Trust(miner).Marks));
        }

        Assert.Empty(bench.ChecksOf(job));
        Assert.True(bench.State.Jobs[job].Leases[0].Reveals);
    }

    [Fact]
    public void A_secret_that_is_not_the_epochs_decides_nothing_and_each_epoch_has_its_own()
    {
        var miner = bench.Miner(1);
        Assert.Equal(DecisionKind.Nothing, bench.OpenDraw().Kind);
        var job = bench.Job();
        var fence = bench.Pool.Claim(job, miner);
        var secret = bench.Pool.Secret;
        bench.Pool.Secret = null;
        Assert.Equal(DecisionKind.NeedsDraw, bench.Commit(job, miner, fence, Right).Kind);
        bench.Pool.Secret = new string('0', 64);
        Bench.Refused(ErrorCodes.DrawImpossible, bench.Commit(job, miner, fence, Right));
        bench.Pool.Secret = secret;
        Bench.Accepted(bench.Pool.Send(new EpochEndInput()));
        Bench.Refused(ErrorCodes.DrawImpossible, bench.Commit(job, miner, fence, Right));
        Bench.Refused(ErrorCodes.DrawImpossible, bench.Pool.Send(new DrawInput(), new PoolFacts { Draw = new DrawFact("00") }));
        Bench.Accepted(bench.OpenDraw());
        Assert.Equal((Draw.CommitmentOf(CheckBench.Secret), bench.Pool.Records[^1].Sequence), (bench.State.Epochs.Open!.DrawCommitment, bench.State.Epochs.Open.DrawSequence));
        Bench.Accepted(bench.Commit(job, miner, fence, Right));
    }

    [Fact]
    public void Where_a_verifier_compares_its_word_counts_for_outputs_that_differ_in_bytes_and_for_nothing_else()
    {
        var tolerant = new CheckBench(new CheckSettings { Comparer = "tolerance" });
        var (one, two) = (tolerant.Miner(1), tolerant.Miner(2));
        var job = tolerant.Job();
        var fence = tolerant.Pool.Claim(job, one);
        Bench.Accepted(tolerant.Commit(job, one, fence, "0.5"));
        var check = tolerant.ChecksOf(job).Single().Fence;
        Bench.Accepted(tolerant.Commit(job, two, check, "0.50001"));
        Bench.Accepted(tolerant.Reveal(job, two, check, "0.50001"));
        Assert.Equal(DecisionKind.NeedsAgreement, tolerant.Reveal(job, one, fence, "0.5").Kind);
        foreach (var wrong in new AgreementFact[] { new("other", [[fence, check]]), new("tolerance", [[fence]]), new("tolerance", [[fence, check], [check]]), new("tolerance", [[fence, 99]]) })
        {
            tolerant.Pool.Agreement = wrong;
            Bench.Refused(ErrorCodes.VerdictImpossible, tolerant.Reveal(job, one, fence, "0.5"));
        }

        tolerant.Pool.Agreement = new AgreementFact("tolerance", [[check, fence]]);
        Bench.Accepted(tolerant.Reveal(job, one, fence, "0.5"));
        Assert.Equal(ProofChecks.Right, tolerant.Pool.Records[^1].Events.OfType<JobDecided>().Single().Check);
        tolerant.Pool.Agreement = null;
        tolerant.Do(tolerant.Job(), one, static _ => Right);
        Assert.Null(tolerant.Pool.Records[^1].Facts.Agreement);
        tolerant.AssertReplays();
    }

    [Fact]
    public void A_pool_that_checks_nothing_says_so_to_who_counts_on_it()
    {
        var pool = new Bench(Bench.DefaultSettings with { Rules = PoolSettings.NewestRules });
        Bench.Refused(ErrorCodes.NotChecked, pool.Send(Bench.Signed(pool.Messages.Job() with { Check = JobChecks.Always })));
        var miner = pool.Miner(1);
        var job = pool.Job();
        var fence = pool.Claim(job, miner);
        Bench.Refused(ErrorCodes.CheckOver, pool.Send(new CommitmentSnapshot
        {
            Pool = Messages.Pool,
            Network = "local",
            Timestamp = pool.At / 1000,
            Nonce = new string('1', 32),
            Miner = miner,
            JobCid = job,
            Attempt = 1,
            Fence = fence,
            Commitment = new string('1', 64),
        }));
        Bench.Accepted(pool.Prove(job, miner, fence));
    }

    [Fact]
    public void Forgotten_is_who_did_nothing_for_longest_and_never_who_has_something_held()
    {
        var table = new TrustTable();
        for (var i = 0; i < TrustTable.Most + 10; i++)
        {
            table.Set(new TrustEntry(EthAddress.Parse($"0x{i + 1:x40}"), "m") { At = i, Held = i < 5 ? [new HeldWork(1, 1)] : null });
        }

        Assert.Equal(TrustTable.Most, table.Count);
        Assert.Equal([1, 1, 1, 1, 1, 0, 0], Enumerable.Range(0, 15).Where(static i => i is < 5 or 5 or 14).Select(i => table.Find(EthAddress.Parse($"0x{i + 1:x40}"), "m") is null ? 0 : 1));
        table.Release(1);
        table.Set(new TrustEntry(EthAddress.Parse($"0x{99_999_999:x40}"), "m") { At = 99_999_999 });
        Assert.Null(table.Find(EthAddress.Parse($"0x{1:x40}"), "m"));
    }

    // So many jobs decided, as if others had found them right.
    private void Grow(EnsName miner, int jobs)
    {
        for (var i = 0; i < jobs; i++)
        {
            bench.Do(bench.Job("0.1"), miner, static _ => Right);
            if (bench.State.Jobs.Count > 900)
            {
                bench.Pool.Pass(9L * 3600 * 1000);
            }
        }
    }
}
