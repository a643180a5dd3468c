namespace SwarmPool.Runtime.Pool.Rules;

/// <summary>What follows when an attempt ends without a proof.</summary>
internal static class Attempts
{
    public static IReadOnlyList<PoolEvent> End(PoolState state, JobEntry job, Lease lease, string reason, long at)
    {
        var ended = new LeaseEnded(job.Cid, lease.Attempt, lease.Fence, lease.Miner, reason, at + CoolDown(state, lease, reason));
        return [ended, Next(state, job)];
    }

    /// <summary>The next attempt, or the end of the job when it has had all of its attempts.</summary>
    public static PoolEvent Next(PoolState state, JobEntry job) => job.Attempt < state.Settings!.MaxAttempts
        ? new JobRequeued(job.Cid, job.Attempt + 1, state.Miners.Offering(job.Model))
        : new JobFailed(job.Cid, "max_attempts");

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
