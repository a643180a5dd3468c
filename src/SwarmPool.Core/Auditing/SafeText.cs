using System.Globalization;
using System.Text;

namespace SwarmPool.Core.Auditing;

/// <summary>Text of strangers as a report quotes it: no longer than somebody reads, and nothing in it that steers a terminal.</summary>
internal static class SafeText
{
    /// <summary>The most characters of a line.</summary>
    public const int MaxLength = 1_000;

    public static string Of(string text)
    {
        var fit = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (fit.Length + rune.Utf16SequenceLength >= MaxLength)
            {
                return fit.Append('…').ToString();
            }

            fit.Append(Steers(rune) ? " " : rune.ToString());
        }

        return fit.ToString();
    }

    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
