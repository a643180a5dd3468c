using System.Text.RegularExpressions;
using SwarmPool.EndToEnd.Tests;

namespace SwarmPool.Packages.Tests;

/// <summary>The code blocks of the documents that say where they are compiled, and the regions of the snippets project.</summary>
internal static partial class Documents
{
    /// <summary>The blocks after a comment <c>snippet: NAME</c>, by name.</summary>
    public static IReadOnlyDictionary<string, string> Blocks(string document) => Marked()
        .Matches(File.ReadAllText(Path.Combine(RunningProgram.Repository, document)))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["code"].Value, StringComparer.Ordinal);

    /// <summary>Where code is that documents show, by folder: made for them, or a sample and its test.</summary>
    private static readonly string[] Folders = [Path.Combine("docs", "snippets"), Path.Combine("samples", "WebShop"), Path.Combine("tests", "SwarmPool.Testing.Tests", "App")];

    /// <summary>The regions between <c>// snippet: NAME</c> and <c>// end</c>, by name.</summary>
    public static IReadOnlyDictionary<string, string> Regions() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RunningProgram.Repository, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
        .SelectMany(file => Region().Matches(File.ReadAllText(file)))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["code"].Value, StringComparer.Ordinal);

    [GeneratedRegex(@"<!-- snippet: (?<name>[a-z-]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Marked();

    [GeneratedRegex(@"^// snippet: (?<name>[a-z-]+)\n(?<code>.*?)^// end$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Region();
}
