using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>An inference job. Signed by <see cref="Client"/>; its CID is the job's identity.</summary>
public sealed record JobSnapshot : Snapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Job;

    /// <inheritdoc/>
    [JsonIgnore]
    public override EnsName Signer => Client;

    /// <summary>Who asks and pays.</summary>
    public required EnsName Client { get; init; }

    /// <summary>The kind of job, e.g. "image-classification"; 1 to 64 characters of a-z, 0-9, '-', '_', '.', '/'.</summary>
    public required string JobType { get; init; }

    /// <summary>The model to run; 1 to 128 characters of the same set and A-Z, ':'.</summary>
    public required string Model { get; init; }

    /// <summary>The input's CID.</summary>
    public required Cid InputCid { get; init; }

    /// <summary>What the client pays when the job is done.</summary>
    public required JobPayment Payment { get; init; }

    /// <summary>Unix seconds, UTC: not done by then, the job expires. At most 7 days after acceptance.</summary>
    public required long Deadline { get; init; }

    /// <summary>The longest that one attempt may run, in seconds; absent: the pool's own limit.</summary>
    public int? TimeLimitSeconds { get; init; }

    /// <summary>How many miners have to agree, 1 to 5; absent: 1.</summary>
    public int? Replicas { get; init; }

    /// <summary>"always": another miner checks the answer, or nobody pays (<see cref="JobChecks"/>); absent: the pool's draw decides.</summary>
    public string? Check { get; init; }
}

/// <summary>A job's price.</summary>
/// <param name="Amount">The price; with <see cref="Rates"/> the most that it may come to.</param>
/// <param name="Currency">"USDC".</param>
public sealed record JobPayment(Usdc Amount, string Currency = "USDC")
{
    /// <summary>What is paid for what is counted; absent: the amount.</summary>
    public JobRates? Rates { get; init; }
}
