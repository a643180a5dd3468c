using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Checks;

/// <summary>How checks are renewed and end without a result, and what follows when an answer is not shown.</summary>
internal static class CheckTimes
{
    /// <summary>What a heartbeat does that names a check, or a claim that is bound to an answer; null when it names neither.</summary>
    public static Decision? Renew(PoolState state, HeartbeatSnapshot heartbeat, long at)
    {
        if (heartbeat is not { CurrentJob: { } cid, Fence: { } fence } || !state.Jobs.TryGet(cid, out var job) || job.Checking is null || job.LeaseOf(fence) is { Commitment: null })
        {
            return null;
        }

        if (job.Checking.WorkOf(fence) is not { Waits: false, HasResult: false, Reveals: null } work || work.Miner != heartbeat.Miner)
        {
            return Decision.Nothing;
        }

        var timeout = state.Settings!.ClaimTimeoutMs;
        var until = Math.Min(at + timeout, work.LimitUntil);
        return work.Until > at && work.Until - at <= timeout / 2 && until > work.Until
            ? Decision.Accept(new LeaseRenewed(job.Cid, work.Fence, until))
            : Decision.Nothing;
    }

    /// <summary>What is due of checks; null when something else is, or nothing.</summary>
    public static Decision? Due(PoolState state, PoolFacts facts, long at)
    {
        if (!state.Due.TryPeek(out var due) || due.DueMs > at || due.Fence == 0)
        {
            return null;
        }

        var (job, fence) = (state.Jobs.Find(due.Job)!, due.Fence);
        if (fence == DueEntry.Checkers)
        {
            return CheckSteps.Look(state, job, facts, at);
        }

        return job.LeaseOf(fence) is { } lease
            ? lease.Commitment is null ? null : Withhold(state, job, lease, facts, at)
            : End(state, job, job.Checking!.WorkOf(fence)!, LeaseEndReasons.Timeout, null, facts, at);
    }

    /// <summary>A check, or a claim that is bound to an answer, is given back; null when it is neither.</summary>
    public static Decision? Release(PoolState state, ReleaseSnapshot release, PoolFacts facts, long at)
    {
        if (!state.Jobs.TryGet(release.JobCid, out var job))
        {
            return null;
        }

        if (job.LeaseOf(release.Fence) is { Commitment: not null } lease && lease.Miner == release.Miner && lease.Attempt == release.Attempt)
        {
            return Withhold(state, job, lease, facts, at);
        }

        if (job.Checking?.WorkOf(release.Fence) is not { } work || work.Miner != release.Miner)
        {
            return null;
        }

        return work.HasResult
            ? Decision.Refuse(ErrorCodes.CheckOver, $"The check {release.Fence} has its result.")
            : End(state, job, work, release.Reason, release.Detail, facts, at);
    }

    /// <summary>A check ends without a result, which says nothing of the work: another is asked.</summary>
    public static Decision End(PoolState state, JobEntry job, CheckWork work, string reason, string? detail, PoolFacts facts, long at)
    {
        var ended = new CheckEnded(job.Cid, work.Attempt, work.Fence, work.Miner, work.Commitment is null ? reason : LeaseEndReasons.Withheld, detail);
        return CheckSteps.Next(state, job, Round.Of(job).Without(work.Fence), job.Checking!.Until, facts, at, [ended]);
    }

    // Who sees that it is checked and then shows nothing would never be found wrong: the second time it counts as if it had been.
    private static Decision Withhold(PoolState state, JobEntry job, Lease lease, PoolFacts facts, long at)
    {
        List<PoolEvent> events = [new LeaseEnded(job.Cid, lease.Attempt, lease.Fence, lease.Miner, LeaseEndReasons.Withheld, 0)];
        if ((lease.Drawn == true || job.Replicas > 1) && state.Trust.Of(lease.Payee!.Value, job.Wanted).Marks + 1 >= TrustEntry.MostMarks)
        {
            events.Add(new WorkRefused(job.Cid, lease.Fence, lease.Miner, lease.Payee.Value, job.Wanted, RefuseReasons.Withheld));
        }

        var round = Round.Of(job).Without(lease.Fence);
        if (!round.Executors.Any(static part => part.Proof is not null || part.Reveals))
        {
            return Decision.Accept([.. events, .. JudgeRules.NoResults(job, round.Parts.Where(static part => part.Proof is not null)), CheckSteps.Back(state, job, at)]);
        }

        // The others have shown, or are about to show: what they have is judged without this one.
        return round.Executors.Any(static part => part.Proof is null)
            ? Decision.Accept(events)
            : JudgeRules.Judge(state, job, round, job.Checking?.Until, facts, at, events);
    }
}
