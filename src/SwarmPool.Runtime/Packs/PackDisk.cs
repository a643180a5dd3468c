using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;

namespace SwarmPool.Runtime.Packs;

/// <summary>Whether a pack has room, asked before a byte of it is fetched.</summary>
internal static class PackDisk
{
    private static readonly EnumerationOptions All = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <param name="folder">The models folder.</param>
    /// <param name="pack">The pack.</param>
    /// <param name="partial">Where its files are while they are pulled; what is there counts as the pack's.</param>
    /// <param name="limit">The most bytes of all; 0: none.</param>
    /// <exception cref="SwarmPoolException">SP5206: it has no room.</exception>
    public static void Require(ModelFolder folder, ModelPack pack, string partial, long limit)
    {
        var there = Used(partial);
        if (limit > 0 && Used(folder.Path) + Used(folder.Work) - there is var others && others + pack.TotalBytes > limit)
        {
            throw new SwarmPoolException(
                ErrorCodes.PackDiskLimit,
                $"{pack.Name} has {pack.TotalBytes} bytes, and {others} of {limit} (models_disk_limit) are taken in {folder.Path}: remove a model, or raise the limit.");
        }

        var free = new DriveInfo(folder.Work).AvailableFreeSpace;
        if (free < pack.TotalBytes - there)
        {
            throw new SwarmPoolException(ErrorCodes.PackDiskLimit, $"{pack.Name} needs {pack.TotalBytes - there} bytes more, and the disk of {folder.Path} has {free}: make room on it.");
        }
    }

    private static long Used(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*", All).Sum(static file => file.Length) : 0;
}
