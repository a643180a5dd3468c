using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>Jobs that wait for a miner: new ones, and ones that came back.</summary>
public sealed record JobsNew : Announcement<JobNewItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.JobsNew;
}

/// <summary>A job that waits for a miner.</summary>
/// <param name="Cid">The job's CID.</param>
/// <param name="Client">Its client.</param>
/// <param name="JobType">Its kind.</param>
/// <param name="Model">The model to run.</param>
/// <param name="Reward">Its price; a miner gets what the pool's policy gives of it.</param>
/// <param name="Attempt">The attempt to claim, from 1.</param>
/// <param name="Deadline">Unix seconds, UTC.</param>
/// <param name="Miners">Registered miners that offered the model when this was decided; 0: nobody yet, the job waits.</param>
public sealed record JobNewItem(
    Cid Cid, EnsName Client, string JobType, string Model, Usdc Reward, int Attempt, long Deadline, int Miners = 0)
{
    /// <summary>The most seconds that one attempt may take; null where the pool does not say.</summary>
    public long? TimeLimitSeconds { get; init; }

    /// <summary>The bytes of its input, which the pool has fetched and checked; null where the pool does not say.</summary>
    public long? InputBytes { get; init; }

    /// <summary>Unix milliseconds until when only miners that have done work for its client may claim it; null when any may.</summary>
    public long? ReservedUntil { get; init; }

    /// <summary>What stands behind the price, as one of <see cref="JobFunding"/>; null where the pool does not say.</summary>
    public string? Funding { get; init; }

    /// <summary>What the job pays for what is counted: <see cref="Reward"/> is then the most that it may come to. Null where it pays that.</summary>
    public JobRates? Rates { get; init; }

    /// <summary>The pack that the pool bound the model to: only who has it may claim the job. Null where the pool binds none.</summary>
    public Cid? PackCid { get; init; }
}

/// <summary>Jobs or cancellations that were refused.</summary>
public sealed record JobsRejected : Announcement<JobRejectedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.JobsRejected;
}

/// <summary>A refused job or cancellation.</summary>
/// <param name="Cid">The job's CID.</param>
/// <param name="Client">Who asked.</param>
/// <param name="Request">"job" or "cancel".</param>
/// <param name="Code">The stable code, e.g. "SP2104"; see docs/errors.md.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record JobRejectedItem(Cid Cid, EnsName Client, string Request, string Code, string Reason);

/// <summary>Jobs that their clients took back.</summary>
public sealed record JobsCancelled : Announcement<JobCancelledItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.JobsCancelled;
}

/// <summary>A cancelled job.</summary>
/// <param name="Cid">The job's CID.</param>
/// <param name="Client">Its client.</param>
public sealed record JobCancelledItem(Cid Cid, EnsName Client);

/// <summary>Jobs that will not be done. Nobody pays for them.</summary>
public sealed record JobsFailed : Announcement<JobFailedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.JobsFailed;
}

/// <summary>A job that will not be done.</summary>
/// <param name="Cid">The job's CID.</param>
/// <param name="Client">Its client.</param>
/// <param name="Reason">"expired", "max_attempts", "no_agreement" or "unchecked".</param>
/// <param name="Attempts">How many attempts were begun.</param>
public sealed record JobFailedItem(Cid Cid, EnsName Client, string Reason, int Attempts)
{
    /// <summary>Who last gave it back as failed and said why; null when nobody did.</summary>
    public EnsName? Miner { get; init; }

    /// <summary>Why, in that miner's own words (<see cref="ReleaseSnapshot.Detail"/>), for people; null when <see cref="Miner"/> is.</summary>
    public string? Detail { get; init; }
}
