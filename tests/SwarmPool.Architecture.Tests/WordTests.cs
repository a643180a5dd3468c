using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>One concept, one word; one word, one concept. docs/glossary.md has the words.</summary>
public sealed partial class WordTests
{
    private static readonly string[] Shipped = ["src", "plugins", "samples"];

    private static IReadOnlyList<(string Name, string Path)> Types { get; } =
    [
        .. Shipped.SelectMany(folder => SourceTree.Files(folder, ".cs"))
            .SelectMany(file => TypePattern().Matches(file.Text).Select(match => (match.Groups["name"].Value, file.Path)))
            .Distinct(),
    ];

    [Fact]
    public void No_two_types_have_one_name()
    {
        var same = Types.GroupBy(static type => type.Name, StringComparer.Ordinal)
            .Where(static group => group.Select(static type => Stem(type.Path)).Distinct(StringComparer.Ordinal).Count() > 1)
            .Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static type => type.Path))}");

        Assert.NotEmpty(Types);
        Assert.Empty(same);
    }

    [Fact]
    public void No_retired_name_comes_back()
    {
        var retired = RetiredPattern().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "glossary.md")))
            .Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Contains("IntakeDesk", retired);
        Assert.Empty(new[] { "src", "plugins", "samples", "benchmarks", "tests" }
            .SelectMany(folder => SourceTree.Files(folder, ".cs"))
            .SelectMany(file => TypePattern().Matches(file.Text).Select(match => match.Groups["name"].Value).Where(retired.Contains).Select(name => $"{file.Path}: {name}")));
    }

    [Theory]
    [InlineData("internal sealed partial class Desk(int x)", "Desk")]
    [InlineData("public readonly record struct Lease<T>", "Lease")]
    [InlineData("    private sealed class Inner", null)]
    [InlineData("public interface ISlot", "ISlot")]
    public void Types_are_seen(string line, string? name) => Assert.Equal(name, TypePattern().Match(line) is { Success: true } match ? match.Groups["name"].Value : null);

    // A partial type lies in several files: X.cs and X.Part.cs are one.
    private static string Stem(string path) => Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(path).Split('.')[0]);

    [GeneratedRegex(@"^((public|internal|file|static|abstract|sealed|readonly|partial|ref|unsafe) )*(class|record struct|record|struct|interface|enum) (?<name>[A-Z]\w*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w*)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex RetiredPattern();
}
