namespace SwarmPool.Runtime.Miner;

/// <summary>Why a miner has no work.</summary>
public enum IdleReason
{
    /// <summary>No job waits.</summary>
    NoJobs = 0,

    /// <summary>Jobs wait, but for models that this miner does not offer.</summary>
    NoJobsForModels,

    /// <summary>The pool does not know the miner yet.</summary>
    NotRegistered,

    /// <summary>The pool asked the miner to wait before it claims again.</summary>
    CoolingDown,

    /// <summary>Nothing has been heard from the pool for a while.</summary>
    PoolSilent,
}
