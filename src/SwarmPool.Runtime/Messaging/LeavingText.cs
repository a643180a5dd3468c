using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// What a text says that goes out to everybody: one line, no longer than somebody reads, nothing in it that steers a terminal or turns the
/// direction of text, and no path of this machine. A refusal, or a miner's reason, may quote a plugin, a library or the system, which name
/// files; who runs the program as whom, and where, is nobody's business.
/// </summary>
/// <remarks>The log has the whole text. Names of topics, multiaddresses and URLs are no paths.</remarks>
internal static partial class LeavingText
{
    /// <summary>What stands where a path was.</summary>
    public const string Path = "(a file)";

    private const int MaxLength = 500;
    private const string Between = " · ";

    private static readonly char[] LineEnds = ['\r', '\n', '\u000b', '\u000c', '\u0085', '\u2028', '\u2029'];

    // Those may have blanks in them, by which no pattern tells where a path ends.
    private static readonly string[] Own =
    [
        .. new[]
        {
            Environment.CurrentDirectory, AppContext.BaseDirectory, System.IO.Path.GetTempPath(),
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData),
        }
        .Select(System.IO.Path.TrimEndingDirectorySeparator).Where(static folder => folder.Length > 2).Distinct(StringComparer.Ordinal).OrderByDescending(static folder => folder.Length),
    ];

    /// <summary>The text, at most 500 characters of it.</summary>
    public static string Of(string text) => Line(text, MaxLength);

    /// <summary>The text, at most so many characters of it; null when nothing is left.</summary>
    public static string? LineOf(string text, int most) => Line(text, most) is { Length: > 0 } line ? line : null;

    private static string Line(string text, int most)
    {
        foreach (var folder in Own)
        {
            text = text.Replace(folder, "/" + Marker, StringComparison.OrdinalIgnoreCase);
        }

        text = PathPattern().Replace(text, Path);
        var line = new StringBuilder();
        foreach (var rune in string.Join(Between, text.Split(LineEnds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > most)
            {
                break;
            }

            line.Append(Steers(rune) ? new Rune(' ') : rune);
        }

        return line.ToString().Trim();
    }

    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;

    private const string Marker = "own-folder/";

    // A path begins where no word, URL or other path goes on: /home/alice/x, C:\x, \\host\x, file:///x. "/swarmpool.eth/jobs" is a topic, "/ip4/…" an address.
    [GeneratedRegex(
        """file:[^\s'"`,;)<>]+|(?<![\w.:/\\~-])(?:~?/(?!(?:ip4|ip6|dns|dns4|dns6|dnsaddr|p2p|ipfs|ipns)/|(?:[\w-]+\.)+eth(?:/|\b))|[A-Za-z]:[/\\]|\\\\)[^\s'"`,;)<>]+""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex PathPattern();
}
