namespace SwarmPool.Runtime.Pool.Rules;

/// <summary>What follows when an attempt ends without a proof.</summary>
internal static class Attempts
{
    public static IReadOnlyList<PoolEvent> End(PoolState state, JobEntry job, Lease lease, string reason, long at)
    {
        var coolDown = reason == LeaseEndReasons.Timeout ? at + CoolDown(state, lease) : 0;
        var ended = new LeaseEnded(job.Cid, lease.Attempt, lease.Fence, lease.Miner, reason, coolDown);
        return [ended, Next(state, job)];
    }

    /// <summary>The next attempt, or the end of the job when it has had all of its attempts.</summary>
    public static PoolEvent Next(PoolState state, JobEntry job) => job.Attempt < state.Settings!.MaxAttempts
        ? new JobRequeued(job.Cid, job.Attempt + 1, state.Miners.Offering(job.Model))
        : new JobFailed(job.Cid, "max_attempts");

    private static long CoolDown(PoolState state, Lease lease)
    {
        var doublings = Math.Min(state.Miners[lease.Miner].Strikes, 20);
        return Math.Min(state.Settings!.CoolDownMs << doublings, PoolState.MaxCoolDownMs);
    }
}
