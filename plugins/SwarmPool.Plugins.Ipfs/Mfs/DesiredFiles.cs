using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Mfs;

/// <summary>What one pool's tree has to show, at most so many files a folder, and which paths to look at again.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class DesiredFiles(int maxFiles)
{
    private readonly Dictionary<string, Cid> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> changed = new(StringComparer.Ordinal);

    public IEnumerable<string> Paths => files.Keys;

    /// <summary>What a path has to show; default for nothing.</summary>
    public Cid this[string path] => files.GetValueOrDefault(path);

    /// <summary>How many files found no room.</summary>
    public int Change(IReadOnlyCollection<PublicFile> changes, bool isAll)
    {
        if (isAll)
        {
            changed.UnionWith(files.Keys);
            files.Clear();
            counts.Clear();
        }

        var leftOut = 0;
        foreach (var file in changes)
        {
            var folder = FolderOf(file.Path);
            var isThere = files.ContainsKey(file.Path);
            if (file.Content.IsEmpty)
            {
                counts[folder] = counts.GetValueOrDefault(folder) - (files.Remove(file.Path) ? 1 : 0);
            }
            else if (isThere || counts.GetValueOrDefault(folder) < maxFiles)
            {
                counts[folder] = counts.GetValueOrDefault(folder) + (isThere ? 0 : 1);
                files[file.Path] = file.Content;
            }
            else
            {
                leftOut++;
                continue;
            }

            changed.Add(file.Path);
        }

        return leftOut;
    }

    /// <summary>The paths that changed since they were last taken.</summary>
    public List<string> TakeChanged()
    {
        var taken = changed.ToList();
        changed.Clear();
        return taken;
    }

    public static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
