using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>Proofs that were accepted.</summary>
public sealed record ProofsAccepted : Announcement<ProofAcceptedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ProofsAccepted;
}

/// <summary>An accepted proof.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="ProofCid">The proof.</param>
/// <param name="OutputCid">The output.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Miner">Who did it.</param>
/// <param name="EpochId">The epoch that it counts in; empty while the job is not decided.</param>
/// <param name="Decided">True when the job is done with it; false while more replicas are wanted.</param>
public sealed record ProofAcceptedItem(Cid JobCid, Cid ProofCid, Cid OutputCid, int Attempt, EnsName Miner, string EpochId, bool Decided)
{
    /// <summary>How the answer was checked, as one of <see cref="ProofChecks"/>; null where the pool checks none, and while the job is not decided.</summary>
    public string? Check { get; init; }

    /// <summary>What the job costs, where it pays by what is counted; null where it pays its amount, and while it is not decided.</summary>
    public Usdc? Charge { get; init; }

    /// <summary>What it was charged for; stands exactly where <see cref="Charge"/> does.</summary>
    public JobUsage? Usage { get; init; }
}

/// <summary>Proofs that were refused.</summary>
public sealed record ProofsRejected : Announcement<ProofRejectedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ProofsRejected;
}

/// <summary>A refused proof.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="ProofCid">The proof.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Miner">Who sent it.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ProofRejectedItem(Cid JobCid, Cid ProofCid, int Attempt, EnsName Miner, string Code, string Reason);
