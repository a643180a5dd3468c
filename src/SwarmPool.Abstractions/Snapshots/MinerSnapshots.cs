using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>What a miner signs.</summary>
public abstract record MinerSnapshot : Snapshot
{
    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override EnsName Signer => Miner;

    /// <summary>The miner.</summary>
    public required EnsName Miner { get; init; }
}

/// <summary>A miner registers, or changes its registration: newer than the last of its name. Resets nothing else.</summary>
public sealed record RegistrationSnapshot : MinerSnapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Registration;

    /// <summary>The GPUs, for people; at most 64.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>The models it runs; 1 to 256.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>SOLO or PPS.</summary>
    public required MiningMode Mode { get; init; }

    /// <summary>What it says of some of <see cref="Models"/>, at most one each; absent: nothing.</summary>
    public IReadOnlyList<ModelOffer>? Offers { get; init; }
}

/// <summary>A miner is alive. While it works it names its claim, which asks for a renewal of its lease.</summary>
public sealed record HeartbeatSnapshot : MinerSnapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Heartbeat;

    /// <summary>"idle" or "busy".</summary>
    public required string Status { get; init; }

    /// <summary>The job it works on; absent when idle.</summary>
    public Cid? CurrentJob { get; init; }

    /// <summary>The fence of its claim on that job; absent when idle.</summary>
    public long? Fence { get; init; }

    /// <summary>How far it is, 0 to 100; absent when not known.</summary>
    public int? Progress { get; init; }

    /// <summary>Its own counts, for people; not trusted.</summary>
    public MinerStats? Stats { get; init; }
}

/// <summary>A miner's own counts.</summary>
/// <param name="JobsCompleted">Proofs of its that were accepted.</param>
/// <param name="Earnings">What it was paid by sealed epochs.</param>
/// <param name="StartedAt">Unix seconds, UTC.</param>
public sealed record MinerStats(long JobsCompleted, Usdc Earnings, long StartedAt);

/// <summary>A miner wants a job. Its identity is (job, attempt, miner).</summary>
public sealed record ClaimSnapshot : MinerSnapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Claim;

    /// <summary>The job.</summary>
    public required Cid JobCid { get; init; }

    /// <summary>Which attempt at the job, from 1.</summary>
    public required int Attempt { get; init; }
}

/// <summary>A miner gives its claim back.</summary>
public sealed record ReleaseSnapshot : MinerSnapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Release;

    /// <summary>The job.</summary>
    public required Cid JobCid { get; init; }

    /// <summary>Which attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The fence of its claim.</summary>
    public required long Fence { get; init; }

    /// <summary>"released" (the miner stops) or "failed" (it could not do the job).</summary>
    public required string Reason { get; init; }

    /// <summary>Why, in the miner's own words, for people: one line of 1 to 200 characters. Null: it says no more.</summary>
    public string? Detail { get; init; }
}

/// <summary>A miner's answer to a job. Its identity is (job, attempt, fence).</summary>
public sealed record ProofSnapshot : MinerSnapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Proof;

    /// <summary>The job.</summary>
    public required Cid JobCid { get; init; }

    /// <summary>Which attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The fence of its claim.</summary>
    public required long Fence { get; init; }

    /// <summary>"completed"; nothing else is ever paid.</summary>
    public required string Status { get; init; }

    /// <summary>The output's CID.</summary>
    public required Cid OutputCid { get; init; }

    /// <summary>How the output was made.</summary>
    public required ProofMetrics Metrics { get; init; }

    /// <summary>Binds output to job, attempt, fence and miner; lower-case hex. See docs/protocol.md.</summary>
    public required string ProofHash { get; init; }

    /// <summary>What the miner drew for its <see cref="CommitmentSnapshot"/>: 32 bytes, lower-case hex. Needed where the pool checks work; absent else.</summary>
    public string? Salt { get; init; }

    /// <summary>The evidence of how the output was made; absent where the job's kind has none.</summary>
    public Cid? EvidenceCid { get; init; }

    /// <summary>The Merkle root over the evidence's leaves: 0x and 64 hex digits. Stands exactly where <see cref="EvidenceCid"/> does.</summary>
    public string? EvidenceRoot { get; init; }
}

/// <summary>How an output was made.</summary>
public sealed record ProofMetrics
{
    /// <summary>Seconds the model ran, a decimal string.</summary>
    public required string InferenceSeconds { get; init; }

    /// <summary>The model's own confidence, a decimal string; absent when it has none.</summary>
    public string? Confidence { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hex.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The pack that was run, as the claim's acceptance named it; absent when that named none.</summary>
    public Cid? PackCid { get; init; }

    /// <summary>The runtime and its version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The device.</summary>
    public required string Device { get; init; }

    /// <summary>The precision.</summary>
    public required string Precision { get; init; }
}
