using System.Security.Cryptography;

namespace SwarmPool.Transport;

/// <summary>
/// The CID of content of any size by one fixed rule: up to <see cref="BlockBytes"/> a single raw block; above, a balanced
/// UnixFS tree of raw leaves of <see cref="BlockBytes"/> with <see cref="LinksPerNode"/> links a node
/// (what a node makes of <c>add?cid-version=1&amp;raw-leaves=true&amp;chunker=size-262144</c>).
/// </summary>
/// <remarks>Pure; thread-safe. Sources: multiformats CIDv1, dag-pb and UnixFS specifications.</remarks>
public static class ContentAddress
{
    /// <summary>Bytes of a leaf block: 262,144.</summary>
    public const int BlockBytes = 262_144;

    /// <summary>The most links of an inner node: 174.</summary>
    public const int LinksPerNode = 174;

    /// <summary>The CID of the content.</summary>
    public static Cid Of(ReadOnlySpan<byte> content)
    {
        if (content.Length <= BlockBytes)
        {
            return Cid.OfBlock(content);
        }

        var level = new List<Node>();
        for (var rest = content; !rest.IsEmpty;)
        {
            var block = rest[..Math.Min(BlockBytes, rest.Length)];
            level.Add(new Node(Cid.OfBlock(block), block.Length, block.Length));
            rest = rest[block.Length..];
        }

        while (level.Count > 1)
        {
            var parents = new List<Node>();
            for (var at = 0; at < level.Count; at += LinksPerNode)
            {
                parents.Add(Parent(level.GetRange(at, Math.Min(LinksPerNode, level.Count - at))));
            }

            level = parents;
        }

        return level[0].Cid;
    }

    /// <summary>True when the content has this CID.</summary>
    public static bool Matches(Cid cid, ReadOnlySpan<byte> content) => Of(content) == cid;

    private static Node Parent(List<Node> children)
    {
        long fileBytes = 0;
        long treeBytes = 0;
        var links = new MemoryStream();
        var unixFs = new MemoryStream();
        Field(unixFs, 1, 0);
        WriteVarint(unixFs, 2); // Type = File
        foreach (var child in children)
        {
            fileBytes += child.FileBytes;
            treeBytes += child.TreeBytes;
            WriteLink(links, child);
        }

        Field(unixFs, 3, 0);
        WriteVarint(unixFs, (ulong)fileBytes);
        foreach (var child in children)
        {
            Field(unixFs, 4, 0);
            WriteVarint(unixFs, (ulong)child.FileBytes);
        }

        // dag-pb writes its links (field 2) before its data (field 1).
        WriteBytes(links, 1, unixFs.ToArray());
        var block = links.ToArray();
        return new Node(new Cid(Cid.DagPbCodec, SHA256.HashData(block)), fileBytes, treeBytes + block.Length);
    }

    private static void WriteLink(MemoryStream target, Node child)
    {
        var link = new MemoryStream();
        WriteBytes(link, 1, child.Cid.ToBytes());
        WriteBytes(link, 2, []);
        Field(link, 3, 0);
        WriteVarint(link, (ulong)child.TreeBytes);
        WriteBytes(target, 2, link.ToArray());
    }

    private static void WriteBytes(MemoryStream target, int field, byte[] bytes)
    {
        Field(target, field, 2);
        WriteVarint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void Field(MemoryStream target, int field, int wireType) => target.WriteByte((byte)((field << 3) | wireType));

    private static void WriteVarint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.WriteByte((byte)(value | 0x80));
        }

        target.WriteByte((byte)value);
    }

    private readonly record struct Node(Cid Cid, long FileBytes, long TreeBytes);
}
