using System.Globalization;
using System.Text;

namespace SwarmPool.Programs.Terminals;

/// <summary>
/// Makes text fit for a terminal. Control codes never pass: a reason, a path or a model's output comes from somebody else,
/// and must not steer the screen that shows it.
/// </summary>
internal static class PlainText
{
    public static string For(string text, bool unicode)
    {
        var fit = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
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
