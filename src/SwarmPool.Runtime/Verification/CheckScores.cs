namespace SwarmPool.Runtime.Verification;

/// <summary>What a checker's pass says of an answer. Whole numbers, as a check is signed.</summary>
/// <param name="Positions">Positions that were scored; 0: no result.</param>
/// <param name="ExactWins">Those where the checker's own pass chooses the same token.</param>
/// <param name="MarginMicro">By how much the chosen tokens lost, in millionths of a logit: each at most 8, their sum over the greater of their number and 100.</param>
/// <param name="TopDistanceMicro">The mean distance of the stated logarithms of probability from the checker's, in millionths of a nat: each at most 8.</param>
/// <param name="Class">What the checker computes with.</param>
internal sealed record CheckScores(int Positions, int ExactWins, long MarginMicro, long TopDistanceMicro, Inference.NumericClass Class)
{
    /// <summary>Why an answer has the worst scores there are (it isn't what this model's tokens make), or none; in one line of 1 to 200 characters. Null else.</summary>
    public string? Detail { get; init; }

    /// <summary>The share of exact wins, in parts of a million.</summary>
    public int ExactPpm => Positions == 0 ? 0 : (int)(1_000_000L * ExactWins / Positions);
}
