using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Verification;

/// <summary>Two outputs of one job.</summary>
/// <param name="JobCid">The job's CID.</param>
/// <param name="Job">The job.</param>
/// <param name="One">One of them.</param>
/// <param name="Other">The other.</param>
public sealed record OutputPair(Cid JobCid, JobSnapshot Job, ComparedOutput One, ComparedOutput Other)
{
    /// <summary>The manifest of the job's model pack, as of <see cref="ProofEvidence.Manifest"/>; null where there is none.</summary>
    public ReadOnlyMemory<byte>? Manifest { get; init; }

    /// <summary>The job's input; null when <see cref="IProofVerifier.NeedsOf"/> doesn't ask for it.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }
}

/// <summary>An output, and what kind of arithmetic its miner says has made it.</summary>
/// <param name="Class">As its proof states it.</param>
/// <param name="Bytes">The output's bytes, checked against their CID.</param>
public sealed record ComparedOutput(Inference.NumericClass Class, ReadOnlyMemory<byte> Bytes);

/// <summary>How two outputs stand to each other. <c>default</c>: they differ.</summary>
public enum OutputAgreement
{
    /// <summary>They can't both be honest.</summary>
    Differ = 0,

    /// <summary>Both can be honest.</summary>
    Agree,

    /// <summary>They come from kinds of arithmetic that can't be held against each other. It proves nothing against anybody: another class, never wrong.</summary>
    OtherClass,
}

/// <summary>What a verifier says of two outputs. <c>default</c>: they differ.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reason">Why, for people; at most 200 characters are kept. Empty where they agree.</param>
public readonly record struct OutputComparison(OutputAgreement Kind, string Reason)
{
    /// <summary>What was measured; null for nothing.</summary>
    public VerificationScores? Scores { get; init; }
}
