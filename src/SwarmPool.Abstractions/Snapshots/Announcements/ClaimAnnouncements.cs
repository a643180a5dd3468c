using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>Claims that won. Whoever else claimed that attempt has lost.</summary>
public sealed record ClaimsAccepted : Announcement<ClaimAcceptedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ClaimsAccepted;
}

/// <summary>A won claim: a lease.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Miner">Who won.</param>
/// <param name="Fence">The claim's fence: the proof must name it.</param>
/// <param name="LeaseUntil">Unix milliseconds, UTC: the lease ends then unless renewed by heartbeats.</param>
/// <param name="LimitUntil">Unix milliseconds, UTC: no renewal goes beyond.</param>
public sealed record ClaimAcceptedItem(Cid JobCid, int Attempt, EnsName Miner, long Fence, long LeaseUntil, long LimitUntil)
{
    /// <summary>The pack that the pool bound the job's model to: the proof must name it. Null where it binds none.</summary>
    public Cid? PackCid { get; init; }

    /// <summary>True where the pool checks work: the miner commits to its answer before it shows it (protocol 1.1). Null elsewhere: it sends its proof.</summary>
    public bool? Commit { get; init; }
}

/// <summary>Claims or releases that were refused.</summary>
public sealed record ClaimsRejected : Announcement<ClaimRejectedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ClaimsRejected;
}

/// <summary>A refused claim or release.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Miner">Who asked.</param>
/// <param name="Request">"claim" or "release".</param>
/// <param name="Code">The stable code.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ClaimRejectedItem(Cid JobCid, int Attempt, EnsName Miner, string Request, string Code, string Reason);

/// <summary>Claims that ended without a proof. The job is announced again in jobs/new, or has failed.</summary>
public sealed record ClaimsTimeout : Announcement<ClaimTimeoutItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ClaimsTimeout;
}

/// <summary>A claim that ended without a proof.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="Attempt">The attempt that ended.</param>
/// <param name="Miner">Whose claim it was.</param>
/// <param name="Reason">"timeout", "released", "failed" or "withheld".</param>
public sealed record ClaimTimeoutItem(Cid JobCid, int Attempt, EnsName Miner, string Reason)
{
    /// <summary>Why, in the miner's own words (<see cref="ReleaseSnapshot.Detail"/>), for people; null when it said none.</summary>
    public string? Detail { get; init; }
}
