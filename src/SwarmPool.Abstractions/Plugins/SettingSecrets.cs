using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SwarmPool.Plugins;

/// <summary>Finds what is secret in a setting: in URLs, in strings of <c>key=value</c>, in <c>bearer:TOKEN</c>.</summary>
internal static partial class SettingSecrets
{
    private const int KeyLength = 8;

    private static readonly char[] Separators = [',', ';', '&'];
    private static readonly char[] InUrls = [.. Separators, '/', '?', '#', '@', ':'];

    /// <summary>The secrets of a setting.</summary>
    public static IEnumerable<string> In(string setting) => Urls(setting).Concat(Pairs(setting)).Concat(Authorizations(setting));

    /// <summary>A secret as it may be written somewhere: as it is, for a URL, out of one, in JSON, in a header.</summary>
    public static IEnumerable<string> Spellings(string secret) =>
    [
        secret, Uri.EscapeDataString(secret), Uri.UnescapeDataString(secret), JsonEncodedText.Encode(Well(secret)).ToString(),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
    ];

    // The user, all that may be a key in the path, and the query. A password may hold what should have been escaped, so the last @ counts.
    private static IEnumerable<string> Urls(string setting)
    {
        foreach (var rest in Url().Matches(setting).Select(static match => match.Groups["rest"].Value))
        {
            var at = rest.LastIndexOf('@');
            if (at > 0)
            {
                yield return rest[..at];
                yield return Uri.UnescapeDataString(rest[..at]);
                var colon = rest.IndexOf(':', StringComparison.Ordinal);
                var secret = colon >= 0 && colon < at ? rest[(colon + 1)..at] : rest[..at];
                yield return secret;
                foreach (var part in Uri.UnescapeDataString(secret).Split(InUrls))
                {
                    yield return part; // What should have been escaped is taken for another part of the URL, and shown as such.
                }
            }

            var after = rest[(at + 1)..];
            if (after.AsSpan().IndexOfAny('/', '?', '#') is >= 0 and var begin)
            {
                var parts = after[begin..].Split(['/', '?', '#', '&', '='], StringSplitOptions.RemoveEmptyEntries).Where(MayBeKey).ToList();
                if (parts.Count > 0)
                {
                    yield return after[begin..].Trim('/', '?', '#');
                }

                foreach (var part in parts)
                {
                    yield return part;
                }
            }
        }
    }

    private static bool MayBeKey(string part) => part.Length >= KeyLength || (part.Length >= Redactor.MinKnown && part.Any(char.IsAsciiDigit));

    private static IEnumerable<string> Pairs(string setting)
    {
        foreach (var value in Pair().Matches(setting).Select(static match => match.Groups["value"].Value.Trim()))
        {
            yield return value;
            var bare = value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
            yield return bare;
            yield return Escape().Replace(bare, "${character}");
            foreach (var part in bare.Split(Separators))
            {
                yield return part.Trim(); // Whoever takes the separator for one sees no more than a part of it.
            }
        }
    }

    private static IEnumerable<string> Authorizations(string setting)
    {
        if (Authorization().Match(setting.Trim()) is { Success: true } match)
        {
            var value = match.Groups["value"].Value;
            yield return value;
            if (value.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
            {
                yield return value[(colon + 1)..];
            }
        }
    }

    // Half a character can't be written as JSON.
    private static string Well(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex("""[A-Za-z][A-Za-z0-9+.-]*://(?<rest>\S*)""", RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(
        """(?<![A-Za-z0-9])(?:[A-Za-z0-9_-]*(?:password|passwd|pwd|secret|token|apikey|api[_-]key|accesskey|access[_-]key)|pass|auth|authorization|key)\s*=\s*(?<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:\\.|[^\\])+?(?=[,;&]\s*[A-Za-z$][A-Za-z0-9_ -]*=|$))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Pair();

    [GeneratedRegex("""^(?:bearer|basic)(?::|\s+)\s*(?<value>\S.*)$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Authorization();

    [GeneratedRegex("""\\(?<character>.)""", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Escape();
}
