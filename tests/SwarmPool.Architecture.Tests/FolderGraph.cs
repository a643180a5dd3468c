using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>Which folder of the libraries knows which, by the usings of their files.</summary>
internal static partial class FolderGraph
{
    private static readonly string[] Libraries = ["Protocol", "Core", "Runtime"];

    /// <summary>The folders by name ("Runtime.Daemon.Ingress"), each with those that it knows; parents and children of it are left out.</summary>
    public static IReadOnlyDictionary<string, SortedSet<string>> Read()
    {
        var known = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var file in Libraries.SelectMany(library => SourceTree.Files($"src/SwarmPool.{library}", ".cs")))
        {
            var folder = NamespacePattern().Match(file.Text).Groups["name"].Value;
            if (!known.TryGetValue(folder, out var dependencies))
            {
                known.Add(folder, dependencies = new SortedSet<string>(StringComparer.Ordinal));
            }

            dependencies.UnionWith(Dependencies(folder, file.Text, ""));
        }

        return known;
    }

    /// <summary>What a file of a folder knows.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="text">The file.</param>
    /// <param name="prefix">What is left out at the beginning of each name.</param>
    public static IEnumerable<string> Dependencies(string folder, string text, string prefix) =>
        UsingPattern().Matches(text)
            .Select(match => match.Groups["name"].Value)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .Where(name => !Contains(name, folder) && !Contains(folder, name));

    /// <summary>The groups of folders that know each other, directly or by others: their names, in order.</summary>
    public static IEnumerable<string> Circles(IReadOnlyDictionary<string, SortedSet<string>> known)
    {
        var reached = known.Keys.ToDictionary(static folder => folder, folder => Reach(folder, known), StringComparer.Ordinal);
        return known.Keys
            .Where(folder => reached[folder].Contains(folder))
            .Select(folder => string.Join(' ', reached[folder].Where(other => reached[other].Contains(folder))))
            .Distinct(StringComparer.Ordinal);
    }

    private static SortedSet<string> Reach(string from, IReadOnlyDictionary<string, SortedSet<string>> known)
    {
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(known[from]);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next) && known.TryGetValue(next, out var further))
            {
                foreach (var one in further)
                {
                    open.Push(one);
                }
            }
        }

        return reached;
    }

    private static bool Contains(string outer, string inner) => inner == outer || inner.StartsWith(outer + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^namespace SwarmPool\.(?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^using (static |\w+ = )?SwarmPool\.(?<name>(Protocol|Core|Runtime)\.[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex UsingPattern();
}
