using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;

namespace SwarmPool.Runtime.Verification;

/// <summary>Adds up an answer's scores, position by position.</summary>
/// <remarks>Not thread-safe; one for each answer. Sums are in IEEE doubles, in the order of the positions.</remarks>
internal sealed class ScoreSums(TokenSampler sampler)
{
    /// <summary>The most that one position counts for: one that is wrong by far is not worse than that.</summary>
    public const double Clip = 8;

    /// <summary>Fewer positions than these count as if the others were right.</summary>
    public const int LeastPositions = 100;

    /// <summary>The worst score there is, in millionths.</summary>
    public const long WorstMicro = (long)(Clip * 1e6);

    private double margin;
    private double distance;
    private int positions;
    private int exact;

    /// <summary>Adds a position.</summary>
    /// <param name="logits">The checker's own, of the whole vocabulary.</param>
    /// <param name="stated">What the evidence states.</param>
    public void Add(ReadOnlySpan<float> logits, EvidencePosition stated)
    {
        margin += Math.Min(Clip, sampler.MarginOf(logits, stated.Chosen.Token, out var isChosen));
        exact += isChosen ? 1 : 0;
        distance += Distance(logits, stated);
        positions++;
        sampler.Accept(stated.Chosen.Token);
    }

    /// <summary>What they come to.</summary>
    public CheckScores Scores(Inference.NumericClass of) => new(
        positions, exact, Micro(margin / Math.Max(positions, LeastPositions)), Micro(distance / Math.Max(positions, 1)), of);

    // How far the stated logarithms are from the checker's, on average.
    private static double Distance(ReadOnlySpan<float> logits, EvidencePosition stated)
    {
        var most = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            most = Math.Max(most, logit);
        }

        var (sum, own) = (0.0, LogProbs.SumOf(logits, most));
        foreach (var (token, logProb) in stated.Top.Span)
        {
            sum += Math.Min(Clip, Math.Abs((logProb / (double)TokenLogProb.Scale) - (logits[token] - own)));
        }

        return sum / Math.Max(stated.Top.Length, 1);
    }

    private static long Micro(double value) => (long)Math.Round(value * 1e6);
}
