using System.Security.Cryptography;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Plugins.Trust;

/// <summary>The files of a plugin's folder, by their paths in it with '/', in ordinal order. Links are not followed: a folder that has one has no list.</summary>
internal sealed class PluginFiles
{
    private const int MaxFiles = 10_000;
    private const int MaxDepth = 16;

    // Everything is looked at, hidden files too: what is hidden loads as well as what is not.
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = default, ReturnSpecialDirectories = false, IgnoreInaccessible = false };

    private readonly string folder;
    private readonly List<string> paths = [];
    private readonly List<string> folders = [];

    private PluginFiles(string folder) => this.folder = folder;

    /// <summary>No files.</summary>
    public static PluginFiles None { get; } = new("");

    public IReadOnlyList<string> Paths => paths;

    /// <summary>The folders below.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>Those that may be assemblies.</summary>
    public IEnumerable<string> Assemblies => paths.Where(path => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".exe", StringComparison.OrdinalIgnoreCase));

    /// <summary>Lists a folder.</summary>
    /// <param name="name">The plugin's name, for messages.</param>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="SwarmPoolException">SP1114: it has a link, too many files, or is too deep.</exception>
    public static PluginFiles In(string name, string folder)
    {
        var files = new PluginFiles(folder);
        files.Add(name, new DirectoryInfo(folder), "", 0);
        files.paths.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>Each file's SHA-256, lower-case hex, by its path.</summary>
    public SortedDictionary<string, string> Hashes()
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            using var file = File.OpenRead(Path.Combine(folder, path));
            hashes[path] = Convert.ToHexStringLower(SHA256.HashData(file));
        }

        return hashes;
    }

    private void Add(string name, DirectoryInfo place, string prefix, int depth)
    {
        foreach (var entry in place.EnumerateFileSystemInfos("*", Everything))
        {
            var path = prefix + entry.Name;
            if (entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                throw Unsafe(name, $"{path} is a link; what it leads to was never checked");
            }

            if (entry is DirectoryInfo below)
            {
                if (depth == MaxDepth)
                {
                    throw Unsafe(name, $"{path} lies more than {MaxDepth} folders deep");
                }

                folders.Add(path);
                Add(name, below, path + "/", depth + 1);
            }
            else
            {
                paths.Add(path);
                if (paths.Count > MaxFiles)
                {
                    throw Unsafe(name, $"it has more than {MaxFiles} files");
                }
            }
        }
    }

    private static SwarmPoolException Unsafe(string name, string what) =>
        new(ErrorCodes.PluginUnsafe, $"Plugin {name}: {what}. Put the plugin's own files there, and nothing else.");
}
