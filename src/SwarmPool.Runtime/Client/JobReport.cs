using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>What has become of a job.</summary>
public enum JobCondition
{
    /// <summary>The pool has it; no miner works on it.</summary>
    Waiting = 0,

    /// <summary>A miner works on it, or it was proved and more replicas are wanted.</summary>
    Claimed,

    /// <summary>It is done and counts as paid.</summary>
    Decided,

    /// <summary>It will not be done. Nobody pays for it.</summary>
    Failed,

    /// <summary>Its client took it back. Nobody pays for it.</summary>
    Cancelled,

    /// <summary>The pool refused it. Nobody pays for it.</summary>
    Refused,

    /// <summary>The pool doesn't know it any longer, or never did, and none of the sealed epochs that could be read paid for it.</summary>
    Forgotten,
}

/// <summary>What <see cref="JobLookup"/> found out about a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Condition">What has become of it.</param>
/// <param name="Text">The same for people: one or two sentences.</param>
public sealed record JobReport(Cid Job, JobCondition Condition, string Text)
{
    /// <summary>The result, checked as for whoever submitted it; null when the job isn't decided, or <see cref="Code"/> says why it can't be had.</summary>
    public JobResult? Result { get; init; }

    /// <summary>Who works on it, did it, or could not do it and said why; null when nobody, or nobody known.</summary>
    public EnsName? Miner { get; init; }

    /// <summary>The pool's own word for why it failed, e.g. "max_attempts"; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Why <see cref="Miner"/> could not do it, in its own words: one line, not to be trusted. Null when it said nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>The stable code of what the pool refused, or of why proof or output can't be had, e.g. "SP3001"; null otherwise.</summary>
    public string? Code { get; init; }

    /// <summary>While it waits: how many miners have what it asks for; null where there is no more to say than how many have the model.</summary>
    public JobMatch? Match { get; init; }

    /// <summary>While it waits: where it stands; null where the pool has not said.</summary>
    public JobQueue? Queue { get; init; }
}
