using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Architecture.Tests;

/// <summary>
/// docs/errors.md and the summaries of the constants say what <see cref="ErrorCatalog"/> says. SWARMPOOL_UPDATE=1 rewrites both before they are
/// checked: <c>SWARMPOOL_UPDATE=1 dotnet run -c Release --project tests/SwarmPool.Architecture.Tests -- --filter-class "*ErrorDocumentTests"</c>.
/// </summary>
public sealed partial class ErrorDocumentTests
{
    private const string Exits = "## Exit codes\n";

    private static readonly string Document = Path.Combine(SourceTree.Root, "docs", "errors.md");
    private static readonly string[] Constants = Directory.GetFiles(Path.Combine(SourceTree.Root, "src", "SwarmPool.Protocol", "Errors"), "ErrorCodes*.cs");

    private static IEnumerable<ErrorInfo> Errors => ErrorCatalog.Areas.SelectMany(area => area.Errors);

    [Fact]
    public void Every_code_is_in_the_catalog_by_its_name_once_and_in_order()
    {
        var constants = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.GetRawConstantValue()} {field.Name}")
            .Order(StringComparer.Ordinal);

        Assert.NotEmpty(Errors);
        Assert.Equal(constants, Errors.Select(error => $"{error.Code} {error.Name}"));
        Assert.All(Errors, error => Assert.Same(error, ErrorCatalog.Find(error.Code)));
        Assert.Null(ErrorCatalog.Find("SP0000"));
    }

    /// <summary>Read alone, as a program may show it: nothing refers to the row above, and nothing breaks a table.</summary>
    [Fact]
    public void Every_code_says_what_it_means_and_what_to_do()
    {
        Assert.All(Errors.SelectMany(error => new[] { error.Meaning, error.Advice }), text =>
        {
            Assert.Matches(@"^[A-Z`].*\.$", text);
            Assert.DoesNotContain('|', text);
            Assert.DoesNotContain("As above", text, StringComparison.Ordinal);
            Assert.Equal(0, text.Count(c => c == '`') % 2);
        });
    }

    [Fact]
    public void Every_code_leads_to_an_exit_code_that_has_a_name()
    {
        var exits = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!).ToList();

        Assert.All(Errors, error => Assert.Contains(error.ExitCode, exits));
        Assert.All(Errors, error => Assert.Equal(error.ExitCode, ExitCodes.ForCode(error.Code)));
        Assert.Equal(ExitCodes.Fault, ExitCodes.ForCode("SP0000"));
    }

    [Fact]
    public void The_document_lists_what_the_catalog_says()
    {
        var document = File.ReadAllText(Document);
        var head = document.IndexOf("\n## ", StringComparison.Ordinal) + 1;
        Same(Document, document, string.Concat(document.AsSpan(0, head), Tables(), document.AsSpan(document.IndexOf(Exits, StringComparison.Ordinal))));
    }

    [Fact]
    public void The_constants_summaries_are_what_the_catalog_says()
    {
        Assert.NotEmpty(Constants);
        foreach (var file in Constants)
        {
            var source = File.ReadAllText(file);
            Same(file, source, Constant().Replace(source, match => ErrorCatalog.Find(match.Groups["code"].Value) is { } error
                ? $"/// <summary>{error.Code}: {Xml(error.Meaning)}</summary>{match.Groups["constant"].Value}"
                : match.Value));
        }
    }

    [Fact]
    public void Every_exit_code_is_documented_by_its_name_and_every_documented_one_exists()
    {
        var constants = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.GetRawConstantValue()} {field.Name}");
        var documented = ExitRow().Matches(File.ReadAllText(Document)).Select(match => $"{match.Groups["code"].Value} {match.Groups["name"].Value}");

        Assert.Equal(constants.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var area in ErrorCatalog.Areas)
        {
            text.Append($"## {area.Title}\n\n");
            text.Append(area.Note is null ? "" : $"{area.Note}\n\n");
            text.Append("| code | name | meaning | what to do |\n|---|---|---|---|\n");
            text.AppendJoin("", area.Errors.Select(error => $"| {error.Code} | {error.Name} | {error.Meaning} | {error.Advice} |\n"));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Xml(string text) =>
        CodeSpan().Replace(text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal), "<c>${code}</c>");

    private static void Same(string path, string actual, string expected)
    {
        if (Environment.GetEnvironmentVariable("SWARMPOOL_UPDATE") == "1")
        {
            File.WriteAllText(path, expected);
            actual = expected;
        }

        Assert.Equal(expected, actual);
    }

    [GeneratedRegex("""/// <summary>[^\n]*</summary>(?<constant>\n    public const string \w+ = "(?<code>SP\d{4})";)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Constant();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^\| (?<code>\d+) \| (?<name>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ExitRow();
}
