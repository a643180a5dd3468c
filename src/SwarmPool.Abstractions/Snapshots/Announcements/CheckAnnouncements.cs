using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>Commitments that were taken. One is told of again when its miner has to reveal after it had to wait.</summary>
public sealed record ProofsCommitted : Announcement<ProofCommittedItem>
{
    /// <summary>An empty one of the protocol's version 1.1.</summary>
    public ProofsCommitted() => Version = ChecksVersion;

    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ProofsCommitted;
}

/// <summary>A commitment that was taken.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Miner">Who committed.</param>
/// <param name="Fence">The fence of its claim or check.</param>
/// <param name="Reveal">One of <see cref="RevealTimes"/>.</param>
public sealed record ProofCommittedItem(Cid JobCid, int Attempt, EnsName Miner, long Fence, string Reveal)
{
    /// <summary>Unix milliseconds, UTC, until when the proof has to be there; null while the miner has to wait.</summary>
    public long? RevealUntil { get; init; }
}

/// <summary>The values of <see cref="ProofCommittedItem.Reveal"/>.</summary>
public static class RevealTimes
{
    /// <summary>The miner sends its proof now.</summary>
    public const string Now = "now";

    /// <summary>Others are still to commit. The lease does not end meanwhile.</summary>
    public const string Wait = "wait";
}

/// <summary>Checks that the pool gives to miners, each to one: a lease, as if it had been claimed.</summary>
public sealed record ChecksNew : Announcement<CheckNewItem>
{
    /// <summary>An empty one of the protocol's version 1.1.</summary>
    public ChecksNew() => Version = ChecksVersion;

    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ChecksNew;
}

/// <summary>A check.</summary>
/// <param name="JobCid">The job whose answer is checked.</param>
/// <param name="Attempt">The attempt, which the checker's commitment and proof name.</param>
/// <param name="Miner">Who checks.</param>
/// <param name="Fence">The check's own fence.</param>
/// <param name="Kind">One of <see cref="CheckKinds"/>.</param>
/// <param name="LeaseUntil">Unix milliseconds, UTC: it ends then unless renewed by heartbeats.</param>
/// <param name="LimitUntil">Unix milliseconds, UTC: no renewal goes beyond.</param>
/// <param name="Model">The model to run.</param>
/// <param name="JobType">The job's kind.</param>
public sealed record CheckNewItem(
    Cid JobCid, int Attempt, EnsName Miner, long Fence, string Kind, long LeaseUntil, long LimitUntil, string Model, string JobType)
{
    /// <summary>The pack that the pool bound the model to; null where it binds none.</summary>
    public Cid? PackCid { get; init; }

    /// <summary>The proof to score; null for a run.</summary>
    public Cid? ProofCid { get; init; }
}

/// <summary>Checks that are over.</summary>
public sealed record ChecksDecided : Announcement<CheckDecidedItem>
{
    /// <summary>An empty one of the protocol's version 1.1.</summary>
    public ChecksDecided() => Version = ChecksVersion;

    /// <inheritdoc/>
    public override string Type => SnapshotTypes.ChecksDecided;
}

/// <summary>A check that is over, or work that was drawn and nobody checked.</summary>
/// <param name="JobCid">The job.</param>
/// <param name="Miner">Whose work it was.</param>
/// <param name="Verdict">One of <see cref="CheckVerdicts"/>: of that work.</param>
/// <param name="Fee">What the checker gets, the same for right and wrong; zero without a result.</param>
public sealed record CheckDecidedItem(Cid JobCid, EnsName Miner, string Verdict, Usdc Fee)
{
    /// <summary>The proof that was checked; null when it was never shown.</summary>
    public Cid? ProofCid { get; init; }

    /// <summary>Who checked; null when nobody did.</summary>
    public EnsName? Checker { get; init; }

    /// <summary>The stable code of what was wrong; null when nothing was.</summary>
    public string? Code { get; init; }

    /// <summary>Why, for people; null when there is nothing to say.</summary>
    public string? Reason { get; init; }
}
