using System.Text.RegularExpressions;

namespace SwarmPool.Plugins;

/// <summary>
/// Takes secrets out of texts that people see: messages, logs, events, a status. It knows the secrets of the settings that it was made for, in
/// whatever text they turn up, the words of a library or a server too; and the forms that secrets have in any text: a user in a URL, a URL's
/// query, <c>password=…</c>, an Authorization header.
/// </summary>
/// <remarks>
/// Immutable and thread-safe. It rather takes out too much: a known secret is taken out wherever it stands. Known secrets have at least
/// <see cref="MinKnown"/> characters; shorter ones are taken out by form alone.
/// </remarks>
public sealed partial class Redactor
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mark = "…";

    /// <summary>The least characters of a secret that is looked for by itself: 4.</summary>
    public const int MinKnown = 4;

    private readonly string[] known;

    private Redactor(IEnumerable<string> known) => this.known = [.. known
        .SelectMany(SettingSecrets.Spellings)
        .Where(static secret => secret.Length >= MinKnown)
        .Distinct(StringComparer.Ordinal)
        .OrderByDescending(static secret => secret.Length)];

    /// <summary>Knows no secret; takes out what has the form of one.</summary>
    public static Redactor Forms { get; } = new([]);

    /// <summary>Knows the secrets of settings.</summary>
    /// <param name="settings">
    /// Connection strings, URLs, <c>bearer:TOKEN</c> and the like, as a configuration has them: what is secret in them is found by their form. Null is passed over.
    /// </param>
    /// <param name="secrets">Texts that are secret as a whole: passwords, keys. Null is passed over.</param>
    public static Redactor For(IEnumerable<string?> settings, IEnumerable<string?>? secrets = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new([.. settings.OfType<string>().SelectMany(SettingSecrets.In), .. (secrets ?? []).OfType<string>()]);
    }

    /// <summary>The text without secrets.</summary>
    public string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var secret in known)
        {
            text = text.Replace(secret, Mark, StringComparison.OrdinalIgnoreCase);
        }

        text = UrlUser().Replace(text, Mark + "@");
        text = UrlQuery().Replace(text, "?" + Mark);
        text = Header().Replace(text, Mark);
        return Pair().Replace(text, static pair => pair.Groups["before"].Value + Mark);
    }

    /// <summary>
    /// Something that can be logged in an exception's place: the exception itself when neither it nor what caused it has a secret in a text of
    /// theirs, else another one with all that it said, without the secrets.
    /// </summary>
    public Exception Clean(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return IsClean(exception) ? exception : new RedactedException(Clean(exception.ToString()));
    }

    // A trace of calls holds no secret, and takes long to write.
    private bool IsClean(Exception exception) =>
        Clean(exception.Message) == exception.Message
        && (exception is AggregateException all ? all.InnerExceptions.All(IsClean) : exception.InnerException is null || IsClean(exception.InnerException));

    [GeneratedRegex("""(?<=[A-Za-z][A-Za-z0-9+.-]*://)[^\s"'<>]*@""", RegexOptions.CultureInvariant)]
    private static partial Regex UrlUser();

    [GeneratedRegex("""(?<=[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>?]*)\?[^\s"'<>]+""", RegexOptions.CultureInvariant)]
    private static partial Regex UrlQuery();

    [GeneratedRegex("""(?<=\bAuthorization:\s*)\S[^\r\n]*|(?<=\b(?:Bearer|Basic)\s+)(?=[A-Za-z._~+/-]*[0-9=])[A-Za-z0-9._~+/=-]{8,}""", RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    // A value in quotes ends with them, another one where the next pair begins, or with a blank: a separator may be a part of it.
    [GeneratedRegex(
        """(?<before>(?<![A-Za-z0-9])(?:[A-Za-z0-9_-]*(?:password|passwd|pwd|secret|token|apikey|api[_-]key|accesskey|access[_-]key)|pass|auth|authorization|key)"?(?:\s*=|(?<=")\s*:)\s*)(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|(?:\\.|[^\s\\])+?(?=[,;&]\s*[A-Za-z$][A-Za-z0-9_ -]*=|\s|$))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pair();

    private sealed class RedactedException(string said) : Exception(said)
    {
        public override string ToString() => Message;
    }
}
