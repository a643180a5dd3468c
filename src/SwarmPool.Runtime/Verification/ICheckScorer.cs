using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Verification;

/// <summary>Scores an answer of generated tokens by one pass of the model over it, without writing it again.</summary>
/// <remarks>Thread-safe.</remarks>
internal interface ICheckScorer
{
    /// <summary>The scores; null when the answer can't be held against this model: another model, or one whose input or evidence is not to be had. That says nothing of the answer.</summary>
    /// <param name="job">The job.</param>
    /// <param name="proof">The executor's proof.</param>
    /// <param name="evidence">What the proof names as its evidence, checked against its CID.</param>
    /// <param name="output">What it names as its output, checked against its CID.</param>
    /// <param name="model">The model, loaded.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InferenceException">The backend failed, or has no room for so many tokens. It says nothing of the answer.</exception>
    /// <exception cref="SwarmPoolException">SP5105: the checker's own model is broken.</exception>
    ValueTask<CheckScores?> ScoreAsync(
        JobSnapshot job, ProofSnapshot proof, ReadOnlyMemory<byte> evidence, ReadOnlyMemory<byte> output, ITokenModel model, CancellationToken cancellationToken);
}

/// <summary>What a checker's pass says of an answer. Whole numbers, as a check is signed.</summary>
/// <param name="Positions">Positions that were scored.</param>
/// <param name="ExactWins">Those where the checker's own pass chooses the same token.</param>
/// <param name="MarginMicro">By how much the chosen tokens lost, in millionths of a logit: each at most 8, their sum over the greater of their number and 100.</param>
/// <param name="TopDistanceMicro">The mean distance of the stated logarithms of probability from the checker's, in millionths of a nat: each at most 8.</param>
/// <param name="Class">What the checker computes with.</param>
internal sealed record CheckScores(int Positions, int ExactWins, long MarginMicro, long TopDistanceMicro, Inference.NumericClass Class)
{
    /// <summary>Why an answer has the worst scores there are: it isn't what this model's tokens make. Null else.</summary>
    public string? Detail { get; init; }

    /// <summary>The share of exact wins, in parts of a million.</summary>
    public int ExactPpm => Positions == 0 ? 0 : (int)(1_000_000L * ExactWins / Positions);
}
