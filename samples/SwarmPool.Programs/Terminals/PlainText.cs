using System.Globalization;
using System.Text;

namespace SwarmPool.Programs.Terminals;

/// <summary>
/// Makes text fit for a line of a terminal. Control codes never pass: a reason, a path or a model's output comes from somebody else,
/// and must not steer the screen that shows it, nor begin a line that looks like one of ours: its lines are told apart by dots.
/// </summary>
internal static class PlainText
{
    private static readonly char[] LineEnds = ['\r', '\n', '\u000b', '\u000c', '\u0085', '\u2028', '\u2029'];

    public static string For(string text, bool unicode)
    {
        var fit = new StringBuilder(text.Length);
        foreach (var rune in OneLine(text).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format)
            {
                fit.Append('?');
            }
            else if (unicode || rune.IsAscii)
            {
                fit.Append(rune);
            }
            else
            {
                fit.Append(Ascii(rune));
            }
        }

        return fit.ToString();
    }

    private static string OneLine(string text) => text.AsSpan().ContainsAny(LineEnds)
        ? text[..^text.TrimStart(' ').Length] + string.Join(" · ", text.Split(LineEnds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        : text;

    private static string Ascii(Rune rune) => rune.Value switch
    {
        '✓' => "+",
        '✗' => "x",
        '→' => "->",
        '…' => "..",
        '•' => "*",
        '·' => "|",
        '–' or '—' => "-",
        _ => "?",
    };
}
