using SwarmPool.Identity;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Client;

/// <summary>Where a job is.</summary>
public enum JobStage
{
    /// <summary>The job is stored and on its way to the pool.</summary>
    Sent = 0,

    /// <summary>The pool asks to wait and send it again; that is done.</summary>
    Deferred,

    /// <summary>The pool has it; it waits for a miner.</summary>
    Waiting,

    /// <summary>The pool has it, but no registered miner offers its model yet; it waits for one.</summary>
    NoMiner,

    /// <summary>A miner works on it.</summary>
    Claimed,

    /// <summary>An attempt ended without a proof.</summary>
    AttemptEnded,

    /// <summary>The pool accepted a proof.</summary>
    Proved,

    /// <summary>The proof and the output are fetched and checked.</summary>
    Checking,

    /// <summary>It waits: where it stands, and for how long, or why no miner takes it. Told again when that changes.</summary>
    Queued,
}

/// <summary>A step of a job.</summary>
/// <param name="Stage">Where the job is.</param>
/// <param name="Text">The same for people, one sentence.</param>
/// <param name="Attempt">Which attempt; 0 before the first.</param>
/// <param name="Miner">The miner that it is about; null when about none.</param>
public sealed record JobProgress(JobStage Stage, string Text, int Attempt = 0, EnsName? Miner = null)
{
    /// <summary>Why an attempt ended, in the miner's own words: one line, not to be trusted. Null when it said nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>While it waits: how many miners have what it asks for; null where there is no more to say than how many have the model.</summary>
    public JobMatch? Match { get; init; }

    /// <summary>While it waits: where it stands; null where the pool has not said.</summary>
    public JobQueue? Queue { get; init; }
}
