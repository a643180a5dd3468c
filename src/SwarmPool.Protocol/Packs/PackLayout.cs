using SwarmPool.Protocol.Errors;

namespace SwarmPool.Protocol.Packs;

/// <summary>Whether a pack's files can lie beside each other, on a system that tells upper case from lower and on one that does not.</summary>
internal static class PackLayout
{
    /// <summary>Notes each path that is out of order, is there twice, differs from another by case alone, or is a file's and a folder's.</summary>
    public static void Check(IReadOnlyList<PackFile> files, PackProblems problems)
    {
        var taken = new Dictionary<string, (string Text, bool IsFile)>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < files.Count; i++)
        {
            var path = files[i].Path;
            var place = FormattableString.Invariant($"$.files[{i}].path");
            if (i > 0 && string.CompareOrdinal(files[i - 1].Path, path) > 0)
            {
                problems.Add(ErrorCodes.BadField, $"{place}: files stand in the order of their paths, and '{path}' comes before '{files[i - 1].Path}'.");
            }

            for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
            {
                Take(taken, path[..end], isFile: false, place, problems);
            }

            Take(taken, path, isFile: true, place, problems);
        }
    }

    private static void Take(Dictionary<string, (string Text, bool IsFile)> taken, string path, bool isFile, string place, PackProblems problems)
    {
        if (taken.TryAdd(path, (path, isFile)))
        {
            return;
        }

        var other = taken[path];
        var clash = other.Text != path ? $"'{path}' and '{other.Text}' differ in case alone"
            : isFile != other.IsFile ? $"'{path}' is a file and a folder"
            : isFile ? $"'{path}' is there twice"
            : null; // The folder of another file.
        if (clash is not null)
        {
            problems.Add(ErrorCodes.PackPathTaken, $"{place}: {clash}.");
        }
    }
}
