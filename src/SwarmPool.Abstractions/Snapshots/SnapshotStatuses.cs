namespace SwarmPool.Snapshots;

/// <summary>What snapshots say in <c>status</c>.</summary>
public static class SnapshotStatuses
{
    /// <summary>Of a proof: the job is done. Nothing else is ever paid.</summary>
    public const string Completed = "completed";

    /// <summary>Of a heartbeat: the miner has no job.</summary>
    public const string Idle = "idle";

    /// <summary>Of a heartbeat: the miner is at work.</summary>
    public const string Busy = "busy";

    /// <summary>Of an epoch: it is settled, and its snapshot is final.</summary>
    public const string Sealed = "sealed";
}
