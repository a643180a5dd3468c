using System.Reflection;
using System.Text.RegularExpressions;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Architecture.Tests;

/// <summary>docs/errors.md and the constants say the same, both ways.</summary>
public sealed partial class ErrorDocumentTests
{
    private static string Document { get; } = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "errors.md"));

    [Fact]
    public void Every_code_is_documented_by_its_name_and_every_documented_code_exists()
    {
        var constants = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.GetRawConstantValue()} {field.Name}")
            .ToList();

        Assert.NotEmpty(constants);
        Assert.Equal(constants.Order(StringComparer.Ordinal), Rows(CodeRow()));
        Assert.Equal(constants.Count, constants.Select(line => line[..6]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_exit_code_is_documented_by_its_name_and_every_documented_one_exists()
    {
        var constants = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.GetRawConstantValue()} {field.Name}");

        Assert.Equal(constants.Order(StringComparer.Ordinal), Rows(ExitRow()));
    }

    [Fact]
    public void Every_row_says_what_it_means_and_what_to_do()
    {
        var rows = Document.Split('\n').Where(line => line.StartsWith("| SP", StringComparison.Ordinal));

        Assert.All(rows, row => Assert.All(row.Trim('|', ' ').Split('|'), cell => Assert.False(string.IsNullOrWhiteSpace(cell), row)));
        Assert.All(rows, row => Assert.Equal(4, row.Trim('|', ' ').Split('|').Length));
    }

    private static IEnumerable<string> Rows(Regex row) =>
        row.Matches(Document).Select(match => $"{match.Groups["code"].Value} {match.Groups["name"].Value}").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\| (?<code>SP\d{4}) \| (?<name>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CodeRow();

    [GeneratedRegex(@"^\| (?<code>\d+) \| (?<name>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ExitRow();
}
