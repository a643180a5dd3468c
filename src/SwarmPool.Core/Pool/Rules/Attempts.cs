using SwarmPool.Identity;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>What follows when an attempt ends without a proof: by rules 1 what is said here, by rules 2 what <see cref="StandingRules"/> says.</summary>
internal static class Attempts
{
    /// <param name="state">The state; only read.</param>
    /// <param name="job">The job.</param>
    /// <param name="lease">The lease that ends.</param>
    /// <param name="reason">One of <see cref="LeaseEndReasons"/>.</param>
    /// <param name="detail">What the miner says of why; null for nothing.</param>
    /// <param name="at">Unix ms.</param>
    public static IReadOnlyList<PoolEvent> End(PoolState state, JobEntry job, Lease lease, string reason, string? detail, long at)
    {
        if (state.Rules > 1)
        {
            return StandingRules.End(state, job, lease, reason, detail, at);
        }

        var ended = new LeaseEnded(
            job.Cid, lease.Attempt, lease.Fence, lease.Miner, reason, at + CoolDown(state, lease, reason), Detail: detail);
        var next = Next(state, job);
        return next is JobFailed && reason == LeaseEndReasons.Failed && Blame(state, job, lease.Miner, at) is { } blamed
            ? [ended, next, blamed]
            : [ended, next];
    }

    /// <summary>The next attempt, or the end of the job when it has had all of its attempts.</summary>
    private static PoolEvent Next(PoolState state, JobEntry job)
    {
        if (job.Attempt >= state.Settings!.MaxAttempts)
        {
            return new JobFailed(job.Cid, JobFailReasons.MaxAttempts);
        }

        var supply = MatchingRules.Of(state, JobWants.Of(job));
        return new JobRequeued(job.Cid, job.Attempt + 1, supply.Fit, Match: supply.Match(job.Needs));
    }

    /// <summary>The next attempt after replicas that did not agree, or the end of the job when it has had all of its attempts.</summary>
    public static IReadOnlyList<PoolEvent> Disagree(PoolState state, JobEntry job, IReadOnlyList<EnsName> miners, long at) => state.Rules > 1
        ? StandingRules.Disagree(state, job, miners, at)
        : [Next(state, job) is JobRequeued again ? again : new JobFailed(job.Cid, JobFailReasons.NoAgreement)];

    // What one miner can't do may be its own fault; what each miner that tried gave back as failed is the job's. One miner's word,
    // or the word of one that tried twice, is not enough, nor is a lease that merely ran out.
    private static JobBlamed? Blame(PoolState state, JobEntry job, EnsName last, long at)
    {
        List<EnsName> miners = [.. job.FailedBy ?? [], last];
        return miners.Count == job.Attempt && miners.Count > 1 && miners.Distinct().Count() == miners.Count
            ? new JobBlamed(job.Cid, job.Client, miners, ClientPause(state, job.Client, at))
            : null;
    }

    // The first costs nothing; then as long as a miner's cool-down, doubling with each in a row.
    public static long ClientPause(PoolState state, EnsName client, long at)
    {
        var strikes = state.Clients.Find(client)?.Strikes ?? 0;
        return strikes == 0 ? 0 : at + Math.Min(state.Settings!.CoolDownMs << Math.Min(strikes - 1, 20), PoolState.MaxClientPauseMs);
    }

    // Each lease that ends without a proof is a strike. Giving a job back once costs nothing; but who does so again and
    // again uses up the jobs' attempts as surely as by letting them expire, and waits as long, one doubling behind.
    private static long CoolDown(PoolState state, Lease lease, string reason)
    {
        var strikes = state.Miners[lease.Miner].Strikes;
        if (reason != LeaseEndReasons.Timeout && strikes-- == 0)
        {
            return 0;
        }

        var doublings = Math.Min(strikes, 20);
        return Math.Min(state.Settings!.CoolDownMs << doublings, PoolState.MaxCoolDownMs);
    }
}
