using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>A client takes its job back, which works while the job is pending.</summary>
public sealed record CancelSnapshot : Snapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Cancel;

    /// <inheritdoc/>
    [JsonIgnore]
    public override EnsName Signer => Client;

    /// <summary>The job's client.</summary>
    public required EnsName Client { get; init; }

    /// <summary>The job.</summary>
    public required Cid JobCid { get; init; }
}
