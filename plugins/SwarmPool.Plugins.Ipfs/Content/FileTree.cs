using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Content;

/// <summary>Tells from a file's root node whether the file was cut by the pool's rule: leaves of 262,144 bytes, 174 links, balanced.</summary>
/// <remarks>Pure. Reads dag-pb and UnixFS (https://specs.ipfs.tech/unixfs/): the sizes of the root's branches stand in it.</remarks>
internal static class FileTree
{
    /// <summary>The sizes of the root's branches that the rule gives to a file of so many bytes.</summary>
    public static IReadOnlyList<long> BranchesOf(long fileBytes)
    {
        long branch = ContentAddress.BlockBytes;
        while (branch * ContentAddress.LinksPerNode < fileBytes)
        {
            branch *= ContentAddress.LinksPerNode;
        }

        var sizes = new List<long>();
        for (var rest = fileBytes; rest > 0; rest -= branch)
        {
            sizes.Add(Math.Min(branch, rest));
        }

        return sizes;
    }

    /// <summary>The sizes of a root's branches; null when it is not a file's root.</summary>
    public static IReadOnlyList<long>? BranchesIn(ReadOnlySpan<byte> root)
    {
        while (TryTake(ref root, out var field, out _, out var bytes))
        {
            if (field == 1)
            {
                return BranchesInUnixFs(bytes);
            }
        }

        return null;
    }

    private static List<long>? BranchesInUnixFs(ReadOnlySpan<byte> data)
    {
        const int file = 2;
        var sizes = new List<long>();
        long type = -1;
        while (TryTake(ref data, out var field, out var value, out _))
        {
            switch (field)
            {
                case 1: type = value; break;
                case 4: sizes.Add(value); break;
                default: break; // The file's size, and what later versions add.
            }
        }

        return type == file ? sizes : null;
    }

    // One field of a protobuf message: a varint or bytes, which is all that these two messages have.
    private static bool TryTake(ref ReadOnlySpan<byte> rest, out int field, out long value, out ReadOnlySpan<byte> bytes)
    {
        (field, value) = (0, 0);
        bytes = default;
        if (!TryVarint(ref rest, out var tag) || !TryVarint(ref rest, out value))
        {
            return false;
        }

        field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                return true;
            case 2 when value >= 0 && value <= rest.Length:
                bytes = rest[..(int)value];
                rest = rest[(int)value..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> rest, out long value)
    {
        value = 0;
        for (var i = 0; i < 9 && i < rest.Length; i++)
        {
            value |= (long)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
