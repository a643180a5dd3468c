using SwarmPool.Core.Pool.Rules;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>A proof shows what its miner is bound to, when it is asked for.</summary>
internal static class RevealRules
{
    public static Decision Accept(PoolState state, Cid cid, ProofSnapshot proof, PoolFacts facts, long at)
    {
        if (!state.Jobs.TryGet(proof.JobCid, out var job))
        {
            return Decision.Refuse(ErrorCodes.JobUnknown, $"The pool knows no job {proof.JobCid}.");
        }

        if (job.Proofs.Exists(known => known.Fence == proof.Fence && known.Miner == proof.Miner && known.ProofCid == cid)
            || job.Checking?.Works.Exists(known => known.Fence == proof.Fence && known.Miner == proof.Miner && known.ProofCid == cid) == true)
        {
            return Decision.Repeat(job.Cid);
        }

        var (lease, work) = (job.LeaseOf(proof.Fence), job.Checking?.WorkOf(proof.Fence));
        if (lease is null && work is null or { HasResult: true })
        {
            return Late(job, proof) ?? Decision.Refuse(
                ErrorCodes.NoLiveLease, $"{proof.Miner} holds no live claim {proof.Fence} on this job, which is {Phases.Describe(job.Phase)}.");
        }

        var part = Round.Of(job)[proof.Fence];
        var (until, commitment) = lease is not null ? (lease.Until, lease.Commitment) : (work!.Until, work.Commitment);
        if (Against(job, part, until, commitment, proof, at) is { } answer)
        {
            return answer;
        }

        // What is refused whatever the verifier says is refused without asking it, and before anything is fetched for it.
        if (VerdictRules.Unjudged(state.Settings!, facts.Verdict) is { } unjudged)
        {
            return unjudged;
        }

        if (MeteredPrice.Uncounted(job, facts.Verdict!.Usage) is { } uncounted)
        {
            return uncounted;
        }

        var usage = job.Rates is null ? null : facts.Verdict.Usage;
        var (verifier, numbers) = (facts.Verdict.Verifier, NumericClasses.Of(proof.Metrics));
        PoolEvent shown = lease is not null
            ? new ProofAccepted(job.Cid, part.Attempt, part.Fence, part.Miner, part.Payee, cid, proof.OutputCid, verifier, numbers, usage)
            : new CheckProved(job.Cid, part.Attempt, part.Fence, part.Miner, part.Payee, cid, proof.OutputCid, verifier, numbers, usage);
        var round = Round.Of(job).With(part with { Proof = cid, Output = proof.OutputCid, Class = numbers, Usage = usage });
        return CheckSteps.Next(state, job, round, job.Checking?.Until, facts, at, [shown]);
    }

    private static Decision? Against(JobEntry job, RoundPart part, long until, string? commitment, ProofSnapshot proof, long at)
    {
        if (part.Miner != proof.Miner || part.Attempt != proof.Attempt)
        {
            return Decision.Refuse(
                ErrorCodes.WrongFence, $"Claim {proof.Fence} belongs to {part.Miner} at attempt {part.Attempt}, not to {proof.Miner} at {proof.Attempt}.");
        }

        if (commitment is not null && !part.Reveals)
        {
            return Decision.Refuse(ErrorCodes.RevealTooEarly, "Others have not committed to an answer yet: send the proof when the pool asks for it. The claim does not run out meanwhile.");
        }

        if (until <= at)
        {
            return Decision.Refuse(ErrorCodes.NoLiveLease, $"Claim {proof.Fence} of {proof.Miner} has run out.");
        }

        if (commitment is null)
        {
            return Decision.Refuse(ErrorCodes.CommitmentMissing, "This pool checks work: send a commitment to the answer first, and the proof when the pool asks for it.");
        }

        return ProofRules.Form(job, proof) ?? (Opens(proof, commitment)
            ? null
            : Decision.Refuse(ErrorCodes.CommitmentMismatch, $"The proof does not open the commitment {commitment}: output, evidence or salt is another."));
    }

    private static bool Opens(ProofSnapshot proof, string commitment) => proof.Salt is { } salt
        && ProofCommitment.Compute(proof.JobCid, proof.Attempt, proof.Fence, proof.Miner, proof.OutputCid, proof.EvidenceRoot, salt) == commitment;

    // Somebody kept it from the pool: its miner was bound to it in time, and others found the same. It is not paid, and nothing is held against it.
    private static Decision? Late(JobEntry job, ProofSnapshot proof) =>
        job.Phase == JobPhase.Completed
        && job.Checking?.Withheld?.Find(one => one.Fence == proof.Fence && one.Miner == proof.Miner && one.Attempt == proof.Attempt) is { } withheld
        && Opens(proof, withheld.Commitment)
        && job.Proofs.Exists(known => known.OutputCid == proof.OutputCid)
            ? Decision.Accept(new LateRevealed(job.Cid, withheld.Fence, withheld.Miner, withheld.Payee, job.Wanted))
            : null;
}
