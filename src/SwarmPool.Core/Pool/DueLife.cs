namespace SwarmPool.Core.Pool;

/// <summary>Which of the things that are due are overtaken.</summary>
internal static class DueLife
{
    /// <summary>Whether what is due is due still: its job, claim or check is as it was when it was noted.</summary>
    public static bool IsLive(PoolState state, DueEntry entry)
    {
        if (state.Jobs.Find(entry.Job) is not { } job)
        {
            return false;
        }

        if (entry.Fence == 0)
        {
            // A job whose answers are all there and wait to be checked does not expire.
            return job.IsOpen ? entry.DueMs == job.DeadlineMs && !job.IsAnswered : entry.DueMs == job.ForgetAtMs;
        }

        return entry.Fence == DueEntry.Checkers
            ? job.IsOpen && job.Checking?.AskAt == entry.DueMs
            : job.LeaseOf(entry.Fence) is { Waits: false } lease ? lease.Until == entry.DueMs
            : job.Checking?.WorkOf(entry.Fence) is { Waits: false, HasResult: false } work && work.Until == entry.DueMs;
    }
}
