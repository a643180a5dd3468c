using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>A miner binds itself to an answer before it shows it, and before it can know whether it is checked.</summary>
internal static class CommitRules
{
    public static Decision Accept(PoolState state, CommitmentSnapshot commitment, PoolFacts facts, long at)
    {
        if (!state.Jobs.TryGet(commitment.JobCid, out var job))
        {
            return Decision.Refuse(ErrorCodes.JobUnknown, $"The pool knows no job {commitment.JobCid}.");
        }

        var (lease, work) = (job.LeaseOf(commitment.Fence), job.Checking?.WorkOf(commitment.Fence));
        if (Check(job, lease, work, commitment, at) is { } answer)
        {
            return answer;
        }

        if (state.Checks is not { } checks)
        {
            return Decision.Refuse(ErrorCodes.CheckOver, "This pool does not check work: send the proof.");
        }

        var payee = facts.Signer!.Payout;
        var round = Round.Of(job);
        var part = round[commitment.Fence] with { Payee = payee, Committed = true };
        if (round.Parts.FirstOrDefault(other => other.Fence != part.Fence && other.Payee == payee) is { } same)
        {
            return Decision.Refuse(ErrorCodes.PayeeTakesPart, $"{same.Miner} has a part in this job and is paid at {payee} too: nobody checks or repeats its own work.");
        }

        var committed = new ProofCommitted(job.Cid, part.Attempt, part.Fence, part.Miner, payee, commitment.Commitment);
        if (work is not null)
        {
            return CheckSteps.Next(state, job, round.With(part), job.Checking!.Until, facts, at, [committed]);
        }

        if (job.Replicas > 1)
        {
            return CheckSteps.Next(state, job, round.With(part), null, facts, at, [committed with { Drawn = false }]);
        }

        var (secret, needed) = DrawRules.Secret(state, facts);
        if (secret is null)
        {
            return needed!;
        }

        var kind = CheckSteps.KindOf(state, job);
        var trust = state.Trust.Of(payee, job.Wanted);
        var drawn = kind is not null && (job.Check == JobChecks.Always
            || Draw.IsDrawn(Draw.Point(secret, job.Cid, part.Fence), checks, trust.Decided, job.Price.Micro, trust.HeldMicro + (facts.Signer.Stake?.Micro ?? 0)));
        if (!drawn || kind == CheckKinds.Score)
        {
            return Decision.Accept(committed with { Drawn = drawn, RevealUntil = at + checks.RevealMs, CheckUntil = drawn ? at + checks.RevealMs + job.AttemptMs : null });
        }

        var until = at + job.AttemptMs;
        return CheckSteps.Next(state, job, round.With(part with { Drawn = true }), until, facts, at, [committed with { Drawn = true, CheckUntil = until }]);
    }

    // Its identity is (job, attempt, fence): the same one again gets the same answer again, and there is no other.
    private static Decision? Check(JobEntry job, Lease? lease, CheckWork? work, CommitmentSnapshot commitment, long at)
    {
        if (job.Proofs.Exists(proof => proof.Fence == commitment.Fence && proof.Miner == commitment.Miner))
        {
            return Decision.Repeat(job.Cid);
        }

        var held = lease is not null ? (lease.Miner, lease.Attempt, lease.Commitment, lease.Until) : (work?.Miner ?? default, work?.Attempt ?? 0, work?.Commitment, work?.Until ?? 0);
        if (lease is null && work is null)
        {
            return Decision.Refuse(ErrorCodes.NoLiveLease, $"{commitment.Miner} holds no live claim {commitment.Fence} on this job, which is {Phases.Describe(job.Phase)}.");
        }

        if (held.Item1 != commitment.Miner || held.Item2 != commitment.Attempt)
        {
            return Decision.Refuse(
                ErrorCodes.WrongFence, $"Claim {commitment.Fence} belongs to {held.Item1} at attempt {held.Item2}, not to {commitment.Miner} at {commitment.Attempt}.");
        }

        if (held.Item3 is { } before)
        {
            return before == commitment.Commitment
                ? Decision.Repeat(job.Cid)
                : Decision.Refuse(ErrorCodes.CommittedOtherwise, $"Claim {commitment.Fence} is bound to {before}: an answer can't be changed.");
        }

        if (work?.Kind == CheckKinds.Score)
        {
            return Decision.Refuse(ErrorCodes.CheckOver, $"The check {commitment.Fence} is of scores: answer it by a check, not by a commitment.");
        }

        if (held.Item4 <= at)
        {
            return Decision.Refuse(ErrorCodes.NoLiveLease, $"Claim {commitment.Fence} of {commitment.Miner} has run out.");
        }

        return lease is not null && job.DeadlineMs <= at ? Decision.Refuse(ErrorCodes.DeadlinePassed, "The job's deadline has passed.") : null;
    }
}
