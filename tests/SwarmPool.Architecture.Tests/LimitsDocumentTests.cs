using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>docs/limits.md names types that there are, and every long-lived type that holds a collection.</summary>
public sealed partial class LimitsDocumentTests
{
    /// <summary>Where what lives as long as its process is; the rest is made for a call, a command or a test.</summary>
    private static readonly string[] LongLived =
    [
        "src/SwarmPool.Abstractions/Transport", "src/SwarmPool.Core/Pool", "src/SwarmPool.Runtime/Names", "src/SwarmPool.Runtime/Messaging", "src/SwarmPool.Runtime/Collections",
        "src/SwarmPool.Runtime/Daemon", "src/SwarmPool.Runtime/Miner", "src/SwarmPool.Runtime/Client", "plugins/SwarmPool.Plugins.Embedded/Transport",
        "plugins/SwarmPool.Plugins.Ipfs", "plugins/SwarmPool.Plugins.Redis/Transport",
    ];

    private static readonly Lazy<HashSet<string>> Named = new(() => [.. NamedType().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "limits.md"))).Select(m => m.Groups[1].Value)]);

    [Fact]
    public void Every_type_that_it_names_exists()
    {
        var types = Sources("src", "plugins", "samples").SelectMany(file => Declared().Matches(file.Text)).Select(m => m.Groups[1].Value);
        Assert.NotEmpty(Named.Value);
        Assert.Empty(Named.Value.Except(types, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_long_lived_type_that_holds_a_collection_is_listed()
    {
        var holding = Sources("src", "plugins")
            .Where(file => LongLived.Any(folder => file.Path.StartsWith($"{folder}/", StringComparison.Ordinal)) && Collection().IsMatch(file.Text))
            .Select(file => Path.GetFileNameWithoutExtension(file.Path))
            .ToList();
        Assert.InRange(holding.Count, 20, 200);
        Assert.Empty(holding.Except(Named.Value, StringComparer.Ordinal));
    }

    private static IEnumerable<SourceFile> Sources(params IEnumerable<string> folders) => folders.SelectMany(static folder => SourceTree.Files(folder, ".cs"));

    [GeneratedRegex(@"`([A-Z][A-Za-z0-9]+)`")]
    private static partial Regex NamedType();

    [GeneratedRegex(@"\b(?:class|record|struct|interface)\s+([A-Z][A-Za-z0-9]+)")]
    private static partial Regex Declared();

    // A field, not a local: what an object keeps.
    [GeneratedRegex(@"^    private (?:readonly |volatile )*(?:Concurrent)?(?:Dictionary|HashSet|Queue|List|SortedSet|SortedDictionary|PriorityQueue|LinkedList|Stack|Bag|BoundedCache|FairBuffer|FairChannel|FairQueue|RateLimit|Channel)<.*> \w+ ?(?:=|;)", RegexOptions.Multiline)]
    private static partial Regex Collection();
}
