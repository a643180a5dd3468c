using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>The pool refused a job, or refused to cancel it.</summary>
public sealed class JobRejectedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public JobRejectedException(Cid job, string code, string reason)
        : base($"The pool refused the job {job.ToShortString()}: {code}: {reason}")
    {
        Job = job;
        Code = code;
        Reason = reason;
    }

    /// <summary>The job.</summary>
    public Cid Job { get; }

    /// <summary>The stable code, e.g. "SP3001"; see docs/errors.md.</summary>
    public string Code { get; }

    /// <summary>Why, for people.</summary>
    public string Reason { get; }
}

/// <summary>A job will not be done. Nobody pays for it, except when <see cref="Reason"/> is <see cref="BadProof"/>.</summary>
public sealed class JobFailedException : Exception
{
    /// <summary>Its deadline passed.</summary>
    public const string Expired = JobFailReasons.Expired;

    /// <summary>Its client took it back.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The pool did not say in time what became of it.</summary>
    public const string NotAnswered = "not_answered";

    /// <summary>The pool accepted a proof that does not stand up to the client's own check; the message says how. Evidence against the pool.</summary>
    public const string BadProof = "bad_proof";

    /// <summary>The pool accepted a proof, but its output was not available in time.</summary>
    public const string OutputUnavailable = "output_unavailable";

    /// <summary>The client was stopped before the job ended; the pool may still do it.</summary>
    public const string Stopped = "stopped";

    /// <summary>Makes the exception.</summary>
    public JobFailedException(Cid job, string reason, string message)
        : base(message)
    {
        Job = job;
        Reason = reason;
    }

    /// <summary>The job.</summary>
    public Cid Job { get; }

    /// <summary>One of the constants here, or the pool's own word, e.g. "max_attempts".</summary>
    public string Reason { get; }

    /// <summary>Which miner last gave the job back as failed and said why; null when none did.</summary>
    public EnsName? Miner { get; init; }

    /// <summary>Why, in that miner's own words: one line, not to be trusted. Null when <see cref="Miner"/> is.</summary>
    public string? Detail { get; init; }
}
