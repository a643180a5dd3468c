using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>Epochs that were opened.</summary>
public sealed record EpochsOpened : Announcement<EpochOpenedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.EpochsOpened;
}

/// <summary>An opened epoch.</summary>
/// <param name="EpochId">Its identity.</param>
/// <param name="Number">1 for the first.</param>
/// <param name="StartedAt">Unix milliseconds, UTC.</param>
public sealed record EpochOpenedItem(string EpochId, long Number, long StartedAt);

/// <summary>Epochs that were sealed.</summary>
public sealed record EpochsSealed : Announcement<EpochSealedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.EpochsSealed;
}

/// <summary>A sealed epoch.</summary>
/// <param name="EpochId">Its identity.</param>
/// <param name="Cid">The signed epoch snapshot.</param>
/// <param name="Jobs">Jobs decided in it.</param>
/// <param name="Volume">Their prices' sum.</param>
public sealed record EpochSealedItem(string EpochId, Cid Cid, long Jobs, Usdc Volume);
