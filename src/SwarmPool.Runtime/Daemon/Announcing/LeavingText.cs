using System.Text.RegularExpressions;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>
/// What a text says that goes out to everybody: no longer than somebody reads, nothing in it that steers a terminal, and no path of this
/// machine. A refusal may quote a plugin, a library or the system, which name files; who runs the daemon as whom, and where, is nobody's business.
/// </summary>
/// <remarks>The log has the whole text. Names of topics, multiaddresses and URLs are no paths.</remarks>
internal static partial class LeavingText
{
    /// <summary>What stands where a path was.</summary>
    public const string Path = "(a file)";

    private const int MaxLength = 500;

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

    public static string Of(string text)
    {
        foreach (var folder in Own)
        {
            text = text.Replace(folder, "/" + Marker, StringComparison.OrdinalIgnoreCase);
        }

        text = PathPattern().Replace(text, Path);
        return string.Concat((text.Length <= MaxLength ? text : text[..MaxLength]).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));
    }

    private const string Marker = "own-folder/";

    // A path begins where no word, URL or other path goes on: /home/alice/x, C:\x, \\host\x, file:///x. "/swarmpool.eth/jobs" is a topic, "/ip4/…" an address.
    [GeneratedRegex(
        """file:[^\s'"`,;)<>]+|(?<![\w.:/\\~-])(?:~?/(?!(?:ip4|ip6|dns|dns4|dns6|dnsaddr|p2p|ipfs|ipns)/|(?:[\w-]+\.)+eth(?:/|\b))|[A-Za-z]:[/\\]|\\\\)[^\s'"`,;)<>]+""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex PathPattern();
}
