namespace SwarmPool.Runtime.Pool.Rules;

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
            return Decision.Accept(Attempts.End(state, job, job.LeaseOf(due.Fence)!, LeaseEndReasons.Timeout, at));
        }

        return job.IsOpen
            ? Decision.Accept(new JobFailed(job.Cid, "expired"))
            : Decision.Accept(new JobForgotten(job.Cid));
    }
}
