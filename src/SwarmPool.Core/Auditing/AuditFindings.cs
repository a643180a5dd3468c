using System.Globalization;
using System.Text;

namespace SwarmPool.Core.Auditing;

/// <summary>What an audit found wrong: the first so many one by one, many more of them counted.</summary>
/// <remarks>Not thread-safe. What is wrong may quote strangers at any length: it is cut and made plain here.</remarks>
internal sealed class AuditFindings
{
    /// <summary>The most that are listed; the audit goes on counting for a while.</summary>
    public const int MaxListed = 100;

    /// <summary>So many, and the rest of the records is not worth an auditor's time: each may cost as much as the pool has jobs.</summary>
    public const int MaxCounted = 10_000;

    private readonly List<AuditDifference> listed = [];

    /// <summary>What the next ones that are about no record are about, e.g. "epoch-7: "; empty where there is only one thing.</summary>
    public string Subject { get; set; } = "";

    public long Count { get; private set; }

    public IReadOnlyList<AuditDifference> Listed => listed;

    public bool AreTooMany => Count >= MaxCounted;

    /// <summary>A record is wrong.</summary>
    public void Add(long sequence, string what)
    {
        Count++;
        if (listed.Count < MaxListed)
        {
            listed.Add(new AuditDifference(sequence, SafeText.Of(what)));
        }
    }

    /// <summary>Something else than a record is wrong.</summary>
    public void Add(string what) => Add(0, Subject + what);

    public void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            Add(otherwise);
        }
    }

    public void Expect(bool holds, long sequence, string otherwise)
    {
        if (!holds)
        {
            Add(sequence, otherwise);
        }
    }
}

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
