using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Who gets a job, for how long, and how it is given back.</summary>
internal static class ClaimRules
{
    public static Decision Claim(PoolState state, ClaimSnapshot claim, long at)
    {
        var settings = state.Settings!;
        if (!state.Jobs.TryGet(claim.JobCid, out var job))
        {
            return Decision.Refuse(ErrorCodes.JobUnknown, $"The pool knows no job {claim.JobCid}.");
        }

        // A claim's identity is (job, attempt, miner): the same one again gets the same answer again.
        if (job.LeaseOf(claim.Miner)?.Attempt == claim.Attempt || job.ProofOf(claim.Miner)?.Attempt == claim.Attempt)
        {
            return Decision.Repeat(job.Cid);
        }

        if (job.Phase != JobPhase.Pending)
        {
            return Decision.Refuse(ErrorCodes.JobNotPending, $"The job is {Phases.Describe(job.Phase)}{HeldBy(job)}.");
        }

        if (claim.Attempt != job.Attempt)
        {
            return Decision.Refuse(ErrorCodes.WrongAttempt, $"The job is at attempt {job.Attempt}; the claim names {claim.Attempt}.");
        }

        if (job.DeadlineMs <= at)
        {
            return Decision.Refuse(ErrorCodes.DeadlinePassed, "The job's deadline has passed.");
        }

        if (!state.Miners.TryGet(claim.Miner, out var miner))
        {
            return Decision.Refuse(ErrorCodes.NotRegistered, $"{claim.Miner} is not registered here; register first.");
        }

        if (job.LeaseOf(claim.Miner) is not null || job.ProofOf(claim.Miner) is not null)
        {
            return Decision.Refuse(ErrorCodes.AlreadyDidReplica, $"{claim.Miner} has a part in this job already; another miner must do the other replica.");
        }

        if (!miner.Models.Contains(job.Wanted, StringComparer.Ordinal))
        {
            return Decision.Refuse(ErrorCodes.ModelNotOffered, $"{claim.Miner} did not register the model {job.Model}{(job.PackCid is { } pack ? $", the pack {pack}" : "")}.");
        }

        if (state.Rules > 1 && StandingRules.Against(state, job, miner, at) is { } early)
        {
            return early;
        }

        if (state.Rules == 1 && miner.CoolDownUntil > at)
        {
            return Decision.Refuse(
                ErrorCodes.CoolDown, $"Claims of {claim.Miner} ended without a proof; it may claim again in {(miner.CoolDownUntil - at + 999) / 1000} s.");
        }

        if (miner.LiveClaims >= settings.ClaimsPerMiner)
        {
            return Decision.Refuse(ErrorCodes.ClaimCap, $"{claim.Miner} holds {miner.LiveClaims} claims, as many as this pool allows at a time.");
        }

        var limit = at + (state.Rules > 1 ? StandingRules.LongestAttempt(state, job, miner, at) : job.AttemptMs);
        return Decision.Accept(new JobClaimed(
            job.Cid, job.Attempt, miner.Name, miner.Mode, state.Fence + 1, Math.Min(at + settings.ClaimTimeoutMs, limit), limit));
    }

    /// <summary>A heartbeat that names a live claim renews it, but only when more than half of the lease has passed: fewer records.</summary>
    public static Decision Renew(PoolState state, HeartbeatSnapshot heartbeat, long at)
    {
        if (heartbeat is not { CurrentJob: { } cid, Fence: { } fence }
            || !state.Jobs.TryGet(cid, out var job)
            || job.LeaseOf(fence) is not { } lease
            || lease.Miner != heartbeat.Miner)
        {
            return Decision.Nothing;
        }

        var timeout = state.Settings!.ClaimTimeoutMs;
        var until = Math.Min(at + timeout, lease.LimitUntil);
        return lease.Until > at && lease.Until - at <= timeout / 2 && until > lease.Until
            ? Decision.Accept(new LeaseRenewed(cid, fence, until))
            : Decision.Nothing;
    }

    public static Decision Release(PoolState state, ReleaseSnapshot release, long at)
    {
        if (!state.Jobs.TryGet(release.JobCid, out var job))
        {
            return Decision.Refuse(ErrorCodes.JobUnknown, $"The pool knows no job {release.JobCid}.");
        }

        if (job.LeaseOf(release.Fence) is not { } lease || lease.Miner != release.Miner || lease.Attempt != release.Attempt)
        {
            // Released before, timed out, or never claimed: either way there is nothing to give back, and the job's condition is the answer.
            return release.Fence <= state.Fence
                ? Decision.Repeat(job.Cid)
                : Decision.Refuse(ErrorCodes.NoSuchClaim, $"{release.Miner} has no claim {release.Fence} on this job.");
        }

        return Decision.Accept(Attempts.End(state, job, lease, release.Reason, release.Detail, at));
    }

    private static string HeldBy(JobEntry job) => job.Leases.Count > 0 ? $" by {job.Leases[0].Miner}" : "";
}
