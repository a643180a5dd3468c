namespace SwarmPool.Architecture.Tests;

/// <summary>A file of the repository: its path from the root with forward slashes, and its text.</summary>
public sealed record SourceFile(string Path, string Text);

/// <summary>The repository's own files, without what builds leave behind.</summary>
internal static class SourceTree
{
    private static readonly string[] NotSource = ["artifacts", "bin", "obj", "node_modules", "TestResults", "demo-out"];

    public static string Root { get; } = FindRoot();

    /// <summary>The files under a folder of the root whose names end so; none when there is no such folder yet.</summary>
    public static IReadOnlyList<SourceFile> Files(string under, string ending)
    {
        var folder = Path.Combine(Root, under);
        return !Directory.Exists(folder)
            ? []
            : [.. Paths(folder)
                .Where(path => path.EndsWith(ending, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)))];
    }

    private static IEnumerable<string> Paths(string folder) =>
        Directory.EnumerateFiles(folder).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(inner => !Path.GetFileName(inner).StartsWith('.') && !NotSource.Contains(Path.GetFileName(inner)))
                .SelectMany(Paths));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SwarmPool.Framework.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
        }

        return folder;
    }
}
