using SwarmPool.Inference;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>
/// A miner binds itself to an answer that it does not show yet. Its identity is (job, attempt, fence). The <see cref="ProofSnapshot"/> that
/// opens it carries the salt. See docs/protocol.md.
/// </summary>
public sealed record CommitmentSnapshot : MinerSnapshot
{
    /// <summary>An empty one of the protocol's version 1.1.</summary>
    public CommitmentSnapshot() => Version = ChecksVersion;

    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Commitment;

    /// <summary>The job.</summary>
    public required Cid JobCid { get; init; }

    /// <summary>Which attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The fence of its claim, or of its check.</summary>
    public required long Fence { get; init; }

    /// <summary>SHA-256 over job, attempt, fence, miner, output, evidence and salt; lower-case hex.</summary>
    public required string Commitment { get; init; }
}

/// <summary>What a checker says of another miner's proof, by one pass of the model over its answer. Its identity is (job, fence).</summary>
public sealed record CheckSnapshot : MinerSnapshot
{
    /// <summary>An empty one of the protocol's version 1.1.</summary>
    public CheckSnapshot() => Version = ChecksVersion;

    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Check;

    /// <summary>The job.</summary>
    public required Cid JobCid { get; init; }

    /// <summary>The fence of the check.</summary>
    public required long Fence { get; init; }

    /// <summary>The proof that was checked.</summary>
    public required Cid ProofCid { get; init; }

    /// <summary>One of <see cref="CheckResults"/>.</summary>
    public required string Result { get; init; }

    /// <summary>Positions that were scored; 0 without a result.</summary>
    public required int Positions { get; init; }

    /// <summary>Positions whose id the checker's own pass gives too.</summary>
    public required int ExactWins { get; init; }

    /// <summary>The clipped mean margin by which the chosen ids lost, in millionths of a nat; 0: at no position.</summary>
    public required long MarginMicro { get; init; }

    /// <summary>The mean distance between the two top lists, in millionths.</summary>
    public required long TopDistanceMicro { get; init; }

    /// <summary>What the checker computes with.</summary>
    public required NumericClass Class { get; init; }

    /// <summary>Why there is no result, in the checker's own words: one line of 1 to 200 characters; null: it says no more.</summary>
    public string? Detail { get; init; }
}

/// <summary>The values of <see cref="CheckSnapshot.Result"/>.</summary>
public static class CheckResults
{
    /// <summary>The answer was scored.</summary>
    public const string Scored = "scored";

    /// <summary>It could not be: the checker failed, or computes in another class. Says nothing of the answer.</summary>
    public const string None = "none";
}

/// <summary>The kinds of check: <see cref="CheckNewItem.Kind"/>.</summary>
public static class CheckKinds
{
    /// <summary>The checker runs the job itself, and commits and proves as if it had claimed it.</summary>
    public const string Run = "run";

    /// <summary>The checker scores the proof's evidence, and answers by a <see cref="CheckSnapshot"/>.</summary>
    public const string Score = "score";
}

/// <summary>How an accepted answer was checked: <see cref="ProofAcceptedItem.Check"/>.</summary>
public static class ProofChecks
{
    /// <summary>Its form alone: it was not drawn.</summary>
    public const string Form = "form";

    /// <summary>Another miner found it right.</summary>
    public const string Right = "right";

    /// <summary>It was drawn, and nobody was there to check it: its form alone.</summary>
    public const string Unchecked = "unchecked";

    /// <summary>More than half of the replicas agree.</summary>
    public const string Replicas = "replicas";
}

/// <summary>What a check says of a miner's work: <see cref="CheckDecidedItem.Verdict"/>.</summary>
public static class CheckVerdicts
{
    /// <summary>It is right.</summary>
    public const string Right = "right";

    /// <summary>It is wrong.</summary>
    public const string Wrong = "wrong";

    /// <summary>Nothing: the check gave no result, or could not be told from the work.</summary>
    public const string None = "none";

    /// <summary>Nothing: nobody was there to check it.</summary>
    public const string Unchecked = "unchecked";
}
