using SwarmPool.Verification;

namespace SwarmPool.Protocol.Verification;

/// <summary>What two outputs were found to differ by: how far at most, in millionths, and where they differ too much.</summary>
/// <remarks>Not thread-safe; one for each comparison.</remarks>
internal sealed class OutputMeasures
{
    private const double Most = 9e12;

    private double absolute;
    private double cosine;
    private double overlap = 1;
    private bool hasCosine;
    private bool hasOverlap;

    /// <summary>Why they don't agree, the first reason; null while they do.</summary>
    public string? Difference { get; private set; }

    public bool Agree => Difference is null;

    /// <summary>The scores, for people.</summary>
    public VerificationScores Scores
    {
        get
        {
            var scores = new List<VerificationScore> { new("max_abs_micro", Micro(absolute)) };
            if (hasCosine)
            {
                scores.Add(new("cosine_gap_micro", Micro(cosine)));
            }

            if (hasOverlap)
            {
                scores.Add(new("least_overlap_micro", Micro(overlap)));
            }

            return new VerificationScores([.. scores]);
        }
    }

    /// <summary>Notes that they differ; the first reason is kept.</summary>
    /// <returns>False, for the caller to return.</returns>
    public bool Differ(string reason)
    {
        Difference ??= reason;
        return false;
    }

    public void Distance(double one, double other) => absolute = Math.Max(absolute, one.Equals(other) ? 0 : Finite(Math.Abs(one - other)));

    public void CosineGap(double gap) => (hasCosine, cosine) = (true, Math.Max(cosine, Finite(gap)));

    public void Overlap(double shared) => (hasOverlap, overlap) = (true, Math.Min(overlap, shared));

    private static double Finite(double value) => double.IsFinite(value) ? value : Most;

    private static long Micro(double value) => (long)Math.Round(Math.Clamp(value, 0, Most) * 1e6);
}
