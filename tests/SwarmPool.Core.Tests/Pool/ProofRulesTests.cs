using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Tests.Pool;

public sealed class ProofRulesTests
{
    private readonly Bench bench = new();

    [Fact]
    public void Pitfall18_a_proof_under_the_live_lease_decides_the_job_in_one_record()
    {
        var miner = bench.Miner(1);
        var job = bench.Job("0.25");
        var fence = bench.Claim(job, miner);
        var decision = Bench.Accepted(bench.Prove(job, miner, fence));

        // The claim's end, the proof and the pay are one record, so no crash can come between them.
        Assert.Collection(
            decision.Events,
            e => Assert.Equal(TestKeys.Of(miner).Address, Assert.IsType<ProofAccepted>(e).Payee),
            e => Assert.Equal(250_000, Assert.IsType<JobDecided>(e).Parts.Single().Price.Micro));
        Assert.Equal((1L, 1L, 250_000L), (bench.State.Epochs.Open!.Jobs, bench.State.Epochs.Open.Proofs, bench.State.Epochs.Open.Volume.Micro));
        Assert.Equal(0, bench.State.Miners[miner].LiveClaims);
    }

    [Fact]
    public void Pitfall08_what_does_not_prove_the_work_is_refused_by_name()
    {
        var (miner, other) = (bench.Miner(1), bench.Miner(2));
        var job = bench.Job();
        var fence = bench.Claim(job, miner);
        var output = Messages.AnyCid("an output");
        var good = bench.Messages.Proof(job, miner, fence, output);

        Bench.Refused(ErrorCodes.JobUnknown, bench.Send(bench.Messages.Proof(Messages.AnyCid("none"), miner, fence, output)));
        Bench.Refused(ErrorCodes.NoLiveLease, bench.Send(bench.Messages.Proof(job, miner, fence + 1, output)));
        Bench.Refused(ErrorCodes.WrongFence, bench.Send(bench.Messages.Proof(job, other, fence, output)));
        Bench.Refused(ErrorCodes.WrongFence, bench.Send(bench.Messages.Proof(job, miner, fence, output, attempt: 2)));
        Bench.Refused(ErrorCodes.NotCompleted, bench.Send(bench.Messages.Proof(job, miner, fence, output, status: "failed")));
        Bench.Refused(ErrorCodes.WrongModel, bench.Send(bench.Messages.Proof(job, miner, fence, output, model: "another")));
        Bench.Refused(ErrorCodes.BadProofHash, bench.Send(good with { ProofHash = new string('0', 64) }));
        Bench.Refused(ErrorCodes.BadProofHash, bench.Send(good with { OutputCid = Messages.AnyCid("another output") }));
        bench.At += 60_000;
        Bench.Refused(ErrorCodes.NoLiveLease, bench.Send(good));
        Assert.Equal(0, bench.State.TotalProofs);
    }

    /// <summary>Before a verifier is asked: whatever it would say, a proof that is refused is refused, and one that is known is answered.</summary>
    [Fact]
    public async Task Without_a_verdict_a_proof_is_answered_as_with_one_or_needs_it()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        var fence = bench.Claim(job, miner);
        var proof = Bench.Signed(bench.Messages.Proof(job, miner, fence, Messages.AnyCid("an output")));
        Assert.Equal(Decision.NeedsVerdict, Preview(proof));
        Assert.Empty(Preview(proof).Events);
        var unrecorded = await Session.OpenAsync(miner, DelegationRoles.Miner, bench.At / 1000);
        Bench.Refused(ErrorCodes.DelegationInvalid, bench.Send(new MessageInput(proof), new PoolFacts { Signer = unrecorded.Fact }));
        Bench.Refused(ErrorCodes.NoLiveLease, Preview(Bench.Signed(bench.Messages.Proof(job, miner, fence + 1, Messages.AnyCid("an output")))));

        Bench.Accepted(bench.Send(proof));
        Assert.Equal((DecisionKind.Repeated, job), (Preview(proof).Kind, Preview(proof).Job));
        Bench.Refused(ErrorCodes.NoLiveLease, Preview(Bench.Signed(bench.Messages.Proof(job, miner, fence, Messages.AnyCid("another output")))));
    }

    [Fact]
    public void A_proof_after_the_deadline_is_refused()
    {
        var miner = bench.Miner(1);
        var job = bench.Job(deadline: (Bench.Start / 1000) + 10);
        var fence = bench.Claim(job, miner);
        bench.At += 10_000;
        Bench.Refused(ErrorCodes.DeadlinePassed, bench.Prove(job, miner, fence));
    }

    [Fact]
    public void Pitfall10_the_same_proof_again_pays_nothing_more()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        var proof = Bench.Signed(bench.Messages.Proof(job, miner, bench.Claim(job, miner), Messages.AnyCid("an output")));
        Bench.Accepted(bench.Send(proof));
        Assert.Equal(DecisionKind.Repeated, bench.Send(proof).Kind);
        Assert.Equal(1_000_000, bench.State.TotalVolume.Micro);
    }

    [Fact]
    public void Pitfall02_volume_counts_in_the_epoch_that_decides_the_job()
    {
        var miner = bench.Miner(1);
        var job = bench.Job("5");
        var fence = bench.Claim(job, miner);
        Bench.Accepted(bench.Send(new EpochEndInput()));
        Bench.Accepted(bench.Prove(job, miner, fence));
        Assert.Equal(0, bench.State.Epochs.FindClosed(1)!.Volume.Micro);
        Assert.Equal((2L, 5_000_000L), (bench.State.Jobs[job].Epoch, bench.State.Epochs.Open!.Volume.Micro));
    }

    [Fact]
    public void Pitfall15_a_proof_that_lands_while_an_epoch_is_sealed_counts_in_the_next()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        var fence = bench.Claim(job, miner);
        Bench.Accepted(bench.Send(new EpochEndInput()));
        Bench.Accepted(bench.Send(new SettledInput(1), bench.SettlementOf(1)));
        Bench.Accepted(bench.Prove(job, miner, fence));
        Bench.Accepted(bench.Send(new SealedInput(1, Messages.AnyCid("epoch 1"))));
        Assert.Equal(1_000_000, bench.State.Epochs.Open!.Volume.Micro);
    }

    [Fact]
    public void Pitfall13_the_payee_is_fixed_when_the_proof_is_accepted()
    {
        var miner = bench.Miner(1);
        var job = bench.Job();
        var proof = Bench.Signed(bench.Messages.Proof(job, miner, bench.Claim(job, miner), Messages.AnyCid("o")));
        var elsewhere = TestKeys.Of(Messages.Miner(7)).Address;
        var decision = bench.Send(new MessageInput(proof), new PoolFacts
        {
            Signer = new NameFact(TestKeys.Of(miner).Address, elsewhere, 12, null),
            Verdict = new VerdictFact("hashes", false),
        });
        bench.At += 1000;
        Bench.Accepted(bench.Send(bench.Messages.Registration(miner)));
        Assert.Equal(elsewhere, Assert.Single(decision.Events.OfType<JobDecided>().Single().Parts).Payee);
        Assert.Equal(elsewhere, bench.State.Jobs[job].Proofs.Single().Payee);
    }

    [Fact]
    public void Replicas_that_agree_split_the_price_to_the_last_micro_unit()
    {
        var miners = new[] { bench.Miner(3), bench.Miner(1), bench.Miner(2) };
        var job = bench.Job("0.000011", replicas: 3);
        var fences = miners.Select(m => bench.Claim(job, m)).ToList();
        Assert.Equal(JobPhase.Claimed, bench.State.Jobs[job].Phase);
        Bench.Accepted(bench.Prove(job, miners[2], fences[2]));
        Bench.Accepted(bench.Prove(job, miners[0], fences[0]));
        Assert.Empty(bench.Events.OfType<JobDecided>());
        var parts = Bench.Accepted(bench.Prove(job, miners[1], fences[1])).Events.OfType<JobDecided>().Single().Parts;
        Assert.Equal([(miners[0], 4L), (miners[1], 4L), (miners[2], 3L)], parts.Select(p => (p.Miner, p.Price.Micro)));
        Assert.Equal((1L, 3L), (bench.State.Epochs.Open!.Jobs, bench.State.Epochs.Open.Proofs));
    }

    [Fact]
    public void The_minority_of_replicas_is_not_paid()
    {
        var miners = new[] { bench.Miner(1), bench.Miner(2), bench.Miner(3) };
        var job = bench.Job(replicas: 3);
        var fences = miners.Select(m => bench.Claim(job, m)).ToList();
        bench.Prove(job, miners[0], fences[0], "wrong");
        bench.Prove(job, miners[1], fences[1], "right");
        var decided = bench.Prove(job, miners[2], fences[2], "right").Events.OfType<JobDecided>().Single();
        Assert.Equal([miners[1], miners[2]], decided.Parts.Select(p => p.Miner));
        Assert.Equal(1_000_000, decided.Parts.Sum(p => p.Price.Micro));
    }

    [Fact]
    public void Replicas_without_agreement_are_asked_again_until_the_attempts_are_used_up()
    {
        var miners = Enumerable.Range(1, 6).Select(n => bench.Miner(n)).ToList();
        var job = bench.Job(replicas: 2);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var pair = miners.GetRange((attempt - 1) * 2, 2);
            var fences = pair.ConvertAll(m => bench.Claim(job, m, attempt));
            Bench.Accepted(bench.Prove(job, pair[0], fences[0], "one", attempt));
            Bench.Accepted(bench.Prove(job, pair[1], fences[1], "two", attempt));
            Assert.Equal(attempt < 3 ? JobPhase.Pending : JobPhase.Failed, bench.State.Jobs[job].Phase);
        }

        Assert.Equal("no_agreement", bench.State.Jobs[job].FailReason);
        Assert.Equal(0, bench.State.TotalVolume.Micro);
        Assert.All(miners, m => Assert.Equal(0, bench.State.Miners[m].LiveClaims));
    }

    [Fact]
    public void A_replica_that_times_out_keeps_the_proofs_of_the_others()
    {
        var miners = new[] { bench.Miner(1), bench.Miner(2), bench.Miner(3) };
        var job = bench.Job(replicas: 2);
        var first = bench.Claim(job, miners[0]);
        bench.Claim(job, miners[1]);
        Bench.Accepted(bench.Prove(job, miners[0], first));
        bench.Pass(60_000);
        Assert.Equal((JobPhase.Pending, 1, 2), (bench.State.Jobs[job].Phase, bench.State.Jobs[job].Proofs.Count, bench.State.Jobs[job].Attempt));
        Bench.Refused(ErrorCodes.AlreadyDidReplica, bench.Send(bench.Messages.Claim(job, miners[0], 2)));
        Bench.Accepted(bench.Prove(job, miners[2], bench.Claim(job, miners[2], 2), attempt: 2));
        Assert.Equal(JobPhase.Completed, bench.State.Jobs[job].Phase);
        Assert.Equal(2, bench.Events.OfType<JobDecided>().Single().Parts.Count);
    }

    [Fact]
    public void A_verifier_that_can_not_tell_gets_replicas_up_to_five()
    {
        var job = bench.Job();
        for (var n = 1; n <= 5; n++)
        {
            var miner = bench.Miner(n);
            Bench.Accepted(bench.Prove(job, miner, bench.Claim(job, miner), needReplica: true));
        }

        Assert.Equal((5, JobPhase.Completed), (bench.State.Jobs[job].Replicas, bench.State.Jobs[job].Phase));
        Assert.Equal(4, bench.Events.OfType<ReplicaAdded>().Count());
        Assert.Equal(1_000_000, bench.State.TotalVolume.Micro);
    }

    [Fact]
    public void A_decided_job_ends_the_other_leases_without_a_strike()
    {
        var miners = new[] { bench.Miner(1), bench.Miner(2) };
        var job = bench.Job(replicas: 2, deadline: (Bench.Start / 1000) + 20);
        var fence = bench.Claim(job, miners[0]);
        bench.Claim(job, miners[1]);
        Bench.Accepted(bench.Prove(job, miners[0], fence));
        bench.Pass(20_000);
        Assert.Equal(JobPhase.Expired, bench.State.Jobs[job].Phase);
        Assert.All(miners, m => Assert.Equal((0, 0), (bench.State.Miners[m].LiveClaims, bench.State.Miners[m].Strikes)));
    }

    private Decision Preview(SignedSnapshot proof) => bench.Send(new MessageInput(proof), new PoolFacts { Signer = new NameFact(TestKeys.Of(proof.Body.Signer).Address, TestKeys.Of(proof.Body.Signer).Address, 0, null) });
}
