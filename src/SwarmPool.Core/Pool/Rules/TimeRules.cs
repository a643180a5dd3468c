using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>What becomes due as time passes. One thing a record; the sequencer asks again until nothing is due.</summary>
internal static class TimeRules
{
    public static Decision Pass(PoolState state, long at)
    {
        if (!state.Due.TryPeek(out var due) || due.DueMs > at)
        {
            return Decision.Nothing;
        }

        var job = state.Jobs.Find(due.Job)!;
        if (due.Fence != 0)
        {
            return Decision.Accept(Attempts.End(state, job, job.LeaseOf(due.Fence)!, LeaseEndReasons.Timeout, null, at));
        }

        return job.IsOpen
            ? Decision.Accept(new JobFailed(job.Cid, JobFailReasons.Expired))
            : Decision.Accept(new JobForgotten(job.Cid));
    }

    /// <summary>Time passed that nobody was heard in: no claim is to end by that. Without claims there is nothing to record.</summary>
    public static Decision Resume(PoolState state, long at)
    {
        var least = at + state.Settings!.ClaimTimeoutMs;
        return state.Jobs.InOrder().Any(job => job.Leases.Exists(lease => !lease.Waits && lease.Until < least) || job.Checking?.Works.Exists(work => !work.Waits && !work.HasResult && work.Until < least) == true)
            ? Decision.Accept(new PoolResumed())
            : Decision.Nothing;
    }
}
