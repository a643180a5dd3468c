using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;

namespace SwarmPool.Runtime.Packs;

/// <summary>The files of a model folder, as a pack would name them.</summary>
internal static class PackTree
{
    /// <summary>What people write of a pack, beside its files; it is none of them.</summary>
    public const string Description = "pack.json";

    /// <summary>The files, in the order of their paths, and what can't be a pack's; names that begin with '.' are passed over.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="problems">SP5209 for links; SP5203 when there are more files than a pack may have: the rest is not looked at.</param>
    public static IReadOnlyList<(string Path, string FullPath, long Length)> Read(string folder, List<Refusal> problems)
    {
        var files = new List<(string Path, string FullPath, long Length)>();
        try
        {
            Read(new DirectoryInfo(folder), "", files, problems);
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            problems.Add(new Refusal(ErrorCodes.PackFolderUnusable, $"{folder} can't be read: {fault.Message}"));
        }

        files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    /// <summary>Deletes a folder of this class's own; a link is unlinked, and none is no error.</summary>
    public static void Delete(string folder)
    {
        if (new DirectoryInfo(folder) is { Exists: true } there)
        {
            there.Delete(recursive: there.LinkTarget is null);
        }
    }

    private static bool Read(DirectoryInfo folder, string above, List<(string Path, string FullPath, long Length)> files, List<Refusal> problems)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = above + entry.Name;
            if (entry.Name.StartsWith('.') || path == Description)
            {
                continue;
            }

            if (entry.LinkTarget is not null)
            {
                problems.Add(new Refusal(ErrorCodes.PackFolderUnusable, $"{entry.FullName} is a link: put the file itself there."));
            }
            else if (entry is DirectoryInfo inner)
            {
                if (above.Count('/') + 1 == PackPath.MaxNames)
                {
                    problems.Add(new Refusal(ErrorCodes.PackPathUnsafe, $"{entry.FullName} lies too deep: a path has at most {PackPath.MaxNames} names."));
                }
                else if (!Read(inner, path + "/", files, problems))
                {
                    return false;
                }
            }
            else if (files.Count == PackParser.MaxFiles)
            {
                problems.Add(new Refusal(ErrorCodes.PackTooLarge, $"{folder.FullName}: there are more than {PackParser.MaxFiles} files, the most of a pack."));
                return false;
            }
            else
            {
                files.Add((path, entry.FullName, ((FileInfo)entry).Length));
            }
        }

        return true;
    }
}
