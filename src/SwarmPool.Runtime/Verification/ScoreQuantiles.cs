namespace SwarmPool.Runtime.Verification;

/// <summary>What many honest answers' scores say of the limits of the next one's. Order statistics: no shape of the distribution is taken for granted.</summary>
/// <remarks>Pure; thread-safe.</remarks>
internal static class ScoreQuantiles
{
    /// <summary>Of so many parts of a million answers at most this many are above the limit by which one fails: 0.1 %.</summary>
    private const double FailPart = 0.999;

    private const double WarnPart = 0.99;
    private const double Doubt = 0.05;

    /// <summary>What 99 % of the scores are no greater than.</summary>
    /// <param name="sorted">The scores, the least first; at least one.</param>
    public static long Warn(ReadOnlySpan<long> sorted) => sorted[(int)Math.Ceiling(WarnPart * sorted.Length) - 1];

    /// <summary>
    /// The upper limit, at 95 %, of what 99.9 % of all honest answers' scores are no greater than; null with too few to say (fewer than 2,995).
    /// </summary>
    /// <param name="sorted">The scores, the least first.</param>
    public static long? Fail(ReadOnlySpan<long> sorted)
    {
        // The r-th least is above that quantile unless r or more are below: as likely as r or more of n draws of 0.999.
        var n = sorted.Length;
        var (term, tail, place) = (Math.Pow(FailPart, n), 0.0, 0);
        for (var r = n; r > 0 && tail + term <= Doubt; r--)
        {
            tail += term;
            place = r;
            term *= r * (1 - FailPart) / ((n - r + 1) * FailPart);
        }

        return place == 0 ? null : sorted[place - 1];
    }
}
