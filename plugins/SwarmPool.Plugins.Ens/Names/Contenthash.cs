using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>Reads a contenthash (EIP-1577): the code of a protocol, and behind it what that protocol finds content by.</summary>
internal static class Contenthash
{
    private const ulong Ipfs = 0xe3;
    private const ulong Ipns = 0xe5;

    /// <summary>The longest that is read; those of the two protocols have some 40 bytes.</summary>
    private const int MaxBytes = 128;

    /// <summary>A location such as <c>ipfs://CID</c> or <c>ipns://NAME</c>; null with the problem where it is none of these.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes, out string? problem)
    {
        problem = null;
        if (bytes.Length > MaxBytes)
        {
            problem = $"its contenthash has {bytes.Length} bytes; at most {MaxBytes} are read";
            return null;
        }

        if (!TryCode(ref bytes, out var code) || bytes.IsEmpty)
        {
            problem = "its contenthash is malformed: it needs a protocol's code and content (EIP-1577)";
            return null;
        }

        switch (code)
        {
            case Ipfs when bytes is [1, Cid.RawCodec or Cid.DagPbCodec, 0x12, 32, .. var digest] && digest.Length == 32:
                return $"ipfs://{new Cid(bytes[1], digest)}";
            case Ipfs when bytes is [0x12, 32, .. var old] && old.Length == 32:
                return $"ipfs://{new Cid(Cid.DagPbCodec, old)}"; // A CIDv0.
            case Ipns when IpnsName.TryRead(bytes, out var name):
                return $"ipns://{name}";
            case Ipfs or Ipns:
                problem = $"its contenthash is of {(code == Ipfs ? "IPFS" : "IPNS")}, but not in a supported form: a CID with sha2-256, or the name of a key";
                return null;
            default:
                problem = $"its contenthash is of a protocol (0x{code:x}) other than IPFS and IPNS";
                return null;
        }
    }

    // An unsigned varint, of at most four bytes.
    private static bool TryCode(ref ReadOnlySpan<byte> bytes, out ulong code)
    {
        code = 0;
        for (var i = 0; i < bytes.Length && i < 4; i++)
        {
            code |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if ((bytes[i] & 0x80) == 0)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
