using System.Globalization;
using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>What came of a run, before anybody is shown it: all that it takes to commit to it, and to show it later, after a restart too.</summary>
/// <remarks>Immutable; thread-safe.</remarks>
internal sealed record FinishedWork
{
    /// <summary>The claim, or the check, that it was done under.</summary>
    public required ClaimAcceptedItem Claim { get; init; }

    /// <summary>How the output was made.</summary>
    public required ProofMetrics Metrics { get; init; }

    /// <summary>The output.</summary>
    public required ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>What the commitment is salted with: 32 bytes that nobody can guess, lower-case hex.</summary>
    public required string Salt { get; init; }

    /// <summary>The evidence of how the output was made; null where there is none.</summary>
    public Cid? EvidenceCid { get; init; }

    /// <summary>The Merkle root over the evidence's leaves; null where there is none.</summary>
    public string? EvidenceRoot { get; init; }

    /// <summary>What the evidence is made of, to be stored with the output; null where there is none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Evidence { get; init; }

    /// <summary>The output's CID. Nothing is stored by it before the proof is sent: who knows what answers there can be could look for it.</summary>
    [JsonIgnore]
    public Cid OutputCid => ContentAddress.Of(Output.Span);

    /// <summary>What a run gave.</summary>
    /// <param name="claim">The claim, or the check, that it was done under.</param>
    /// <param name="model">The model, as the job names it.</param>
    /// <param name="result">What the backend gave.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="salt">What the commitment is salted with.</param>
    public static FinishedWork Of(ClaimAcceptedItem claim, string model, InferenceResult result, TimeSpan took, string salt)
    {
        var hasEvidence = !result.Evidence.IsEmpty;
        return new FinishedWork
        {
            Claim = claim,
            Salt = salt,
            Output = result.Output,
            EvidenceCid = hasEvidence ? ContentAddress.Of(result.Evidence.Span) : null,
            EvidenceRoot = hasEvidence ? EvidencePages.Root(result.Evidence) : null,
            Evidence = hasEvidence ? [result.Evidence] : null,
            Metrics = new ProofMetrics
            {
                InferenceSeconds = took.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture),
                Confidence = result.Confidence,
                Model = model,
                PackCid = claim.PackCid,
                ModelSha256 = result.Class.ModelSha256,
                Runtime = result.Class.Runtime,
                Device = result.Class.Device,
                Precision = result.Class.Precision,
            },
        };
    }

    /// <summary>What the commitment says.</summary>
    /// <param name="miner">Who commits.</param>
    public string CommitmentOf(EnsName miner) => ProofCommitment.Compute(Claim.JobCid, Claim.Attempt, Claim.Fence, miner, OutputCid, EvidenceRoot, Salt);
}
