using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Content;

/// <summary>Sees that bytes are the content of their CID, and says what they are when they are not.</summary>
internal static class ContentCheck
{
    private const string Rule = "--cid-version=1 --raw-leaves --chunker=size-262144";

    public static bool Matches(Cid cid, ReadOnlySpan<byte> bytes) => ContentAddress.Matches(cid, bytes);

    /// <summary>The fault of bytes that do not match.</summary>
    /// <param name="root">The root node under the CID, where the codec says that there is one and it was available.</param>
    public static TransportException Fault(Cid cid, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> root)
    {
        if (cid.Codec == Cid.RawCodec)
        {
            return Cid.OfBlock(bytes) == cid
                ? Foreign(cid, bytes.Length, $"as one block; the pool's rule cuts content of more than {ContentAddress.BlockBytes} bytes")
                : Wrong(cid);
        }

        if (root.IsEmpty || new Cid(Cid.DagPbCodec, SHA256.HashData(root)) != cid)
        {
            return Wrong(cid);
        }

        return FileTree.BranchesIn(root) switch
        {
            null => new TransportException(TransportFault.Mismatch, $"{cid} is a directory or another structure, not a file."),
            var branches when branches.SequenceEqual(FileTree.BranchesOf(bytes.Length)) => Wrong(cid),
            _ => Foreign(cid, bytes.Length, "in other pieces than the pool's rule gives"),
        };
    }

    private static TransportException Wrong(Cid cid) => new(
        TransportFault.Mismatch, $"The node gave bytes for {cid} that do not have that CID. It is broken or not honest: check it, or use another.");

    private static TransportException Foreign(Cid cid, int bytes, string how) => new(
        TransportFault.Mismatch,
        string.Create(CultureInfo.InvariantCulture, $"Foreign chunking: {cid} holds {bytes} bytes {how}. Add it again with ipfs add {Rule}, which gives it the CID that the pool uses."));
}
