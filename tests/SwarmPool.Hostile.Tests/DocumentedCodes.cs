using System.Text.RegularExpressions;

namespace SwarmPool.Hostile.Tests;

/// <summary>The codes that docs/errors.md explains to whoever meets one.</summary>
internal static partial class DocumentedCodes
{
    public static IReadOnlySet<string> All { get; } = Read();

    private static HashSet<string> Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SwarmPool.Framework.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} lies in no checkout of the repository.");
        }

        return [.. Row().Matches(File.ReadAllText(Path.Combine(folder.FullName, "docs", "errors.md"))).Select(row => row.Groups["code"].Value)];
    }

    [GeneratedRegex(@"^\| (?<code>SP\d{4}) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
