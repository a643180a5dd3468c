using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Which proofs count, and when a job is decided.</summary>
internal static class ProofRules
{
    /// <summary>The most replicas a job can come to.</summary>
    public const int MaxReplicas = 5;

    public static Decision Accept(PoolState state, Cid cid, ProofSnapshot proof, PoolFacts facts, long at)
    {
        if (Check(state, cid, proof, at) is { } answer)
        {
            return answer;
        }

        // What is refused whatever the verifier says is refused without asking it, and before anything is fetched for it.
        if (VerdictRules.Unjudged(state.Settings!, facts.Verdict) is { } unjudged)
        {
            return unjudged;
        }

        var verdict = facts.Verdict!;
        var job = state.Jobs[proof.JobCid];
        if (MeteredPrice.Uncounted(job, verdict.Usage) is { } uncounted)
        {
            return uncounted;
        }

        var lease = job.LeaseOf(proof.Fence)!;
        var accepted = new ProofAccepted(
            job.Cid, lease.Attempt, lease.Fence, lease.Miner, facts.Signer!.Payout, cid, proof.OutputCid, verdict.Verifier, Usage: job.Rates is null ? null : verdict.Usage);
        if (verdict.NeedReplica && job.Replicas < MaxReplicas)
        {
            return Decision.Accept(new ReplicaAdded(job.Cid), accepted);
        }

        if (job.Proofs.Count + 1 < job.Replicas)
        {
            return Decision.Accept(accepted);
        }

        var last = new ReplicaProof(lease.Fence, lease.Attempt, lease.Miner, lease.Mode, accepted.Payee, cid, proof.OutputCid) { Usage = accepted.Usage };
        List<ReplicaProof> all = [.. job.Proofs, last];
        var agreeing = ReplicaAgreement.Of(all);
        var (charge, usage) = MeteredPrice.Of(job, agreeing.Select(static proof => proof.Usage));
        return agreeing.Count == 0
            ? Decision.Accept([accepted, .. Attempts.Disagree(state, job, all.ConvertAll(static p => p.Miner), at)])
            : Decision.Accept(accepted, new JobDecided(job.Cid, ReplicaAgreement.Split(charge, agreeing), Usage: usage));
    }

    // What can be said of a proof without its output: null when only the verdict is missing.
    private static Decision? Check(PoolState state, Cid cid, ProofSnapshot proof, long at)
    {
        if (!state.Jobs.TryGet(proof.JobCid, out var job))
        {
            return Decision.Refuse(ErrorCodes.JobUnknown, $"The pool knows no job {proof.JobCid}.");
        }

        // A proof's identity is (job, attempt, fence): the same one again gets the same answer again.
        if (job.Proofs.Exists(p => p.Fence == proof.Fence && p.Miner == proof.Miner && p.ProofCid == cid))
        {
            return Decision.Repeat(job.Cid);
        }

        if (job.LeaseOf(proof.Fence) is not { } lease)
        {
            return Decision.Refuse(
                ErrorCodes.NoLiveLease, $"{proof.Miner} holds no live claim {proof.Fence} on this job, which is {Phases.Describe(job.Phase)}.");
        }

        if (lease.Miner != proof.Miner || lease.Attempt != proof.Attempt)
        {
            return Decision.Refuse(
                ErrorCodes.WrongFence, $"Claim {proof.Fence} belongs to {lease.Miner} at attempt {lease.Attempt}, not to {proof.Miner} at {proof.Attempt}.");
        }

        if (lease.Until <= at)
        {
            return Decision.Refuse(ErrorCodes.NoLiveLease, $"Claim {proof.Fence} of {proof.Miner} has run out.");
        }

        if (job.DeadlineMs <= at)
        {
            return Decision.Refuse(ErrorCodes.DeadlinePassed, "The job's deadline has passed.");
        }

        return Form(state, job, proof);
    }

    /// <summary>What is wrong with a proof of the job, whoever sends it and when; null when nothing is.</summary>
    public static Decision? Form(PoolState state, JobEntry job, ProofSnapshot proof)
    {
        if (proof.Status != SnapshotStatuses.Completed)
        {
            return Decision.Refuse(ErrorCodes.NotCompleted, $"The proof's status is '{proof.Status}'; only 'completed' counts. Release the claim instead.");
        }

        if (proof.Metrics.Model != job.Model)
        {
            return Decision.Refuse(ErrorCodes.WrongModel, $"The job asks for {job.Model}; the proof was made with {proof.Metrics.Model}.");
        }

        if (ModelRules.WrongPack(state, job, proof) is { } otherPack)
        {
            return otherPack;
        }

        if (MatchingRules.WrongClass(job, proof) is { } otherClass)
        {
            return otherClass;
        }

        var expected = ProofHash.Compute(proof.JobCid, proof.Attempt, proof.Fence, proof.OutputCid, proof.Miner);
        return proof.ProofHash == expected
            ? null
            : Decision.Refuse(ErrorCodes.BadProofHash, $"The proof's hash should be {expected}.");
    }
}
