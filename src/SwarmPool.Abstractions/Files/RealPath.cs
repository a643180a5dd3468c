namespace SwarmPool.Files;

/// <summary>
/// Where a path leads in the end: every link in it followed, those of the folders above too. Two paths of one file have one real path, so that
/// what is locked, watched or compared by it is the file itself.
/// </summary>
/// <remarks>Thread-safe. Links are followed as they are now: who swaps one changes the answer.</remarks>
public static class RealPath
{
    /// <summary>As many links as Linux follows in one path.</summary>
    private const int MaxLinks = 40;

    /// <summary>The real path of a file or folder; what isn't there yet keeps its own name below the real path of what is.</summary>
    /// <param name="path">Relative paths start at the current folder.</param>
    /// <returns>A full path without links.</returns>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>();
        Push(ahead, full, real);
        for (var links = 0; ahead.TryPop(out var name);)
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path} leads through more than {MaxLinks} links: they lead in a circle.");
            }

            var root = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : "";
            real = root.Length > 0 ? root : real;
            Push(ahead, target, root);
        }

        return real;
    }

    /// <summary>Whether a file or folder lies in a folder, at any depth, once all links of both are followed.</summary>
    /// <exception cref="IOException">The links of one lead in a circle.</exception>
    public static bool IsIn(string path, string folder)
    {
        var above = Path.TrimEndingDirectorySeparator(Of(folder)) + Path.DirectorySeparatorChar;
        return Of(path).StartsWith(above, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    private static void Push(Stack<string> ahead, string path, string root)
    {
        var names = path[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names.Reverse().Where(static name => name != "."))
        {
            ahead.Push(name);
        }
    }
}
