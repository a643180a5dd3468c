using ADRaffy.ENSNormalize;

namespace SwarmPool.Programs.Composing;

/// <summary>What ENSIP-15, the normalization of ENS names, makes of a text. For hints alone: a pool's names are ASCII and need none.</summary>
/// <param name="Normalized">The name in the one form that ENS has of it; null when it has none.</param>
/// <param name="Problem">Why it has none, as a sentence; else empty.</param>
internal sealed record EnsForm(string? Normalized, string Problem)
{
    private const int MostLength = 255;

    /// <summary>Of a text; null of one that is too long to look at.</summary>
    public static EnsForm? Of(string typed)
    {
        if (typed.Length > MostLength)
        {
            return null;
        }

        try
        {
            return new EnsForm(ENSNormalize.ENSIP15.Normalize(typed), "");
        }
        catch (Exception none) when (none is InvalidLabelException or NormException)
        {
            return new EnsForm(null, $"ENSIP-15 has no form of it: {none.Message.TrimEnd('.')}.");
        }
    }
}
