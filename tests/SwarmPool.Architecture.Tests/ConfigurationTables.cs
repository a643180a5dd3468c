using System.Globalization;
using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>A key of a configuration, as the source has it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Type">What is written: text, number, true or false, …</param>
/// <param name="Range">Which numbers, or how long; empty where the source says nothing.</param>
/// <param name="Default">What counts when it is left out.</param>
/// <param name="Meaning">What it is for.</param>
public sealed record ConfigurationKey(string Key, string Type, string Range, string Default, string Meaning);

/// <summary>Reads options classes and their validators: keys by their attributes, ranges by what is checked, defaults by the initializers, the rest by the summaries.</summary>
internal static partial class ConfigurationTables
{
    private static readonly Dictionary<string, string[]> Enumerations = SourceTree.Files("src", ".cs").Concat(SourceTree.Files("plugins", ".cs"))
        .SelectMany(static file => Enumeration().Matches(file.Text))
        .GroupBy(static match => match.Groups["name"].Value, StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => Member().Matches(group.First().Groups["body"].Value).Select(static member => member.Groups["name"].Value).ToArray(), StringComparer.Ordinal);

    /// <summary>The keys of an options class, in its order.</summary>
    /// <param name="options">Its file.</param>
    /// <param name="others">Where its checks may be, besides that file.</param>
    public static IReadOnlyList<ConfigurationKey> Of(SourceFile options, IEnumerable<SourceFile> others)
    {
        var checks = string.Concat(others.Prepend(options).Select(static file => file.Text));
        var keys = Property().Matches(options.Text).ToDictionary(static match => match.Groups["property"].Value, static match => match.Groups["key"].Value, StringComparer.Ordinal);
        return [.. Property().Matches(options.Text).Select(match => Read(match, checks, keys))];
    }

    /// <summary>The keys that a class of constants names.</summary>
    public static IReadOnlyList<ConfigurationKey> OfConstants(SourceFile constants) =>
    [
        .. Constant().Matches(constants.Text).Select(static match =>
        {
            var text = Plain(match.Groups["summary"].Value, new Dictionary<string, string>(StringComparer.Ordinal));
            var range = SaidRange().Match(text);
            var fallback = Default().Match(text);
            return new ConfigurationKey(
                match.Groups["key"].Value,
                match.Groups["key"].Value == "payment" ? "section" : range.Success ? "number" : "text",
                range.Success ? range.Groups["range"].Value : "",
                fallback.Success ? fallback.Groups["default"].Value : "–",
                Meaning(text));
        }),
    ];

    /// <summary>The value of a product of whole numbers as C# writes it; null for anything else.</summary>
    public static long? Product(string expression)
    {
        var product = 1L;
        foreach (var factor in expression.Split('*', StringSplitOptions.TrimEntries))
        {
            if (!long.TryParse(factor.Replace("_", "", StringComparison.Ordinal).TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            product *= number;
        }

        return product;
    }

    private static ConfigurationKey Read(Match match, string checks, Dictionary<string, string> keys)
    {
        var (key, type) = (match.Groups["key"].Value, match.Groups["type"].Value);
        var text = Plain(match.Groups["summary"].Value, keys);
        return new ConfigurationKey(key, TypeOf(type), RangeOf(key, checks, text), DefaultOf(key, type, match.Groups["initial"].Value, text), Meaning(text));
    }

    private static string TypeOf(string type) => type.TrimEnd('?') switch
    {
        "int" or "long" => "number",
        "bool" => "true or false",
        "string" => "text",
        "IList<string>" => "list of texts",
        "IDictionary<string, string>" => "texts by names",
        var other when Enumerations.TryGetValue(other, out var members) => string.Join(", ", members.Select(Written)),
        _ => "section",
    };

    private static string RangeOf(string key, string checks, string text)
    {
        foreach (var check in Check().Matches(checks).Where(check => check.Groups["key"].Value == key))
        {
            if (Product(check.Groups["least"].Value) is { } least && Product(check.Groups["most"].Value) is { } most)
            {
                return $"{Number(key, least)} to {Number(key, most)}";
            }
        }

        return SaidMost().Match(text) is { Success: true } most2 ? most2.Value.ToLowerInvariant() : "";
    }

    private static string DefaultOf(string key, string type, string initial, string text) => initial switch
    {
        "" when type == "bool" => "`false`",
        "" when Enumerations.TryGetValue(type, out var members) => $"`{Written(members[0])}`",
        "" when type is "int" or "long" => Default().Match(text) is { Success: true } said ? said.Groups["default"].Value : "0",
        "" or "[]" or "new()" or "new Dictionary<string, string>(StringComparer.Ordinal)" => Default().Match(text) is { Success: true } said && said.Groups["default"].Value != "nothing" ? said.Groups["default"].Value : "none",
        "\"\"" => "empty",
        "true" => "`true`",
        _ when initial.StartsWith('"') => Default().Match(text) is { Success: true } said && said.Groups["default"].Value.Contains("else", StringComparison.Ordinal) ? said.Groups["default"].Value : $"`{initial.Trim('"')}`",
        _ when Product(initial) is { } number => Number(key, number),
        _ when Enumerations.TryGetValue(type, out _) => $"`{Written(initial[(initial.IndexOf('.', StringComparison.Ordinal) + 1)..])}`",
        _ => Default().Match(text) is { Success: true } said ? said.Groups["default"].Value : throw new InvalidOperationException($"What is the default of {type} = {initial}?"),
    };

    // What is written in capitals is a word of the pool's, like SOLO.
    public static string Written(string member) => member.All(char.IsUpper) ? member : member.ToLowerInvariant();

    private static string Number(string key, long number)
    {
        var text = number.ToString("#,0", CultureInfo.InvariantCulture);
        return number < 65_536 || number % 1024 != 0 || !key.EndsWith("_bytes", StringComparison.Ordinal) ? text
            : number % (1024L * 1024 * 1024) == 0 ? $"{text} ({number / (1024L * 1024 * 1024)} GiB)"
            : number % (1024 * 1024) == 0 ? $"{text} ({number / (1024 * 1024)} MiB)"
            : $"{text} ({number / 1024} KiB)";
    }

    // The columns beside it say the key, the range and the default.
    private static string Meaning(string text) => Space().Replace(SaidBetween().Replace(Default().Replace(SaidKey().Replace(text, " "), " "), "."), " ")
        .Replace(" .", ".", StringComparison.Ordinal).Replace("..", ".", StringComparison.Ordinal).Trim().Replace("|", "\\|", StringComparison.Ordinal);

    private static string Plain(string summary, Dictionary<string, string> keys)
    {
        var text = Space().Replace(Slashes().Replace(summary, " "), " ").Trim();
        text = See().Replace(text, match => keys.TryGetValue(match.Groups["name"].Value, out var key) ? $"`{key}`" : $"`{Written(match.Groups["name"].Value.Split('.')[^1])}`");
        return Code().Replace(text, "`${text}`").Replace("&lt;", "<", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        """<summary>(?<summary>(?:(?!</summary>).)*)</summary>\s*\[ConfigurationKeyName\("(?<key>\w+)"\)\]\s*public (?<type>[\w<>, ]+?\??) (?<property>\w+) \{ get;(?: set;)? \}(?: = (?<initial>[^;]+);)?""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Property();

    [GeneratedRegex("""<summary>(?<summary>[^\n]*)</summary>\n    public const string \w+ = "(?<key>\w+)";""", RegexOptions.ExplicitCapture)]
    private static partial Regex Constant();

    [GeneratedRegex("""(?:OptionRange\.Check\(problems, |CheckRange\()"(?<key>\w+)", options\.\w+, (?<least>[\d_]+), (?<most>[\d_* ]+)\)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Check();

    [GeneratedRegex(@"\benum (?<name>\w+)\s*\{(?<body>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Enumeration();

    [GeneratedRegex(@"^\s*(?<name>[A-Z]\w*)(?: = \d+)?,?\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Member();

    [GeneratedRegex(@"\s*\n\s*///\s?")]
    private static partial Regex Slashes();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("""<see cref="(?<name>[\w.]+)"\s*/>""", RegexOptions.ExplicitCapture)]
    private static partial Regex See();

    [GeneratedRegex("<c>(?<text>[^<]*)</c>", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex(@"Configuration key `\w+`(?:: `\w+`(?:, `\w+`)* or `\w+`|, with those of `\w+` below it)?\.")]
    private static partial Regex SaidKey();

    [GeneratedRegex(@"The default(?: value)? is (?<default>.*?)\.(?=\s|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Default();

    [GeneratedRegex(@"(?:;|\.) [Mm]ust be between [\d,]+ and [\d,]+(?: [MG]iB)?\.")]
    private static partial Regex SaidBetween();

    [GeneratedRegex(@"(?<=, )(?<range>\d[\d,]* to \d[\d,]*)(?=\.)", RegexOptions.ExplicitCapture)]
    private static partial Regex SaidRange();

    [GeneratedRegex(@"(?<=\. )At most \d+(?= ?\w*\.)")]
    private static partial Regex SaidMost();
}
