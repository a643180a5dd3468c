using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Snapshots;

/// <summary>Miners that registered or changed their registration.</summary>
public sealed record MinersJoined : Announcement<MinerJoinedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.MinersJoined;
}

/// <summary>A registered miner.</summary>
/// <param name="Miner">Its name.</param>
/// <param name="Address">Where it is paid, as of now.</param>
/// <param name="Mode">SOLO or PPS.</param>
/// <param name="Models">The models it runs.</param>
/// <param name="RegisteredAt">The registration's timestamp, unix seconds.</param>
public sealed record MinerJoinedItem(EnsName Miner, EthAddress Address, MiningMode Mode, IReadOnlyList<string> Models, long RegisteredAt);

/// <summary>Registrations that were refused.</summary>
public sealed record MinersRejected : Announcement<MinerRejectedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.MinersRejected;
}

/// <summary>A refused registration.</summary>
/// <param name="Miner">Its name.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record MinerRejectedItem(EnsName Miner, string Code, string Reason);
