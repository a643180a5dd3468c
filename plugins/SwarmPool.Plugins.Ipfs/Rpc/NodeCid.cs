using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>
/// Reads CIDs as nodes print them: version 1 in base32 or base58btc (<c>z…</c>), version 0 (<c>Qm…</c>). They are compared by
/// their bytes.
/// </summary>
internal static class NodeCid
{
    private const int LongestText = 64;
    private const byte Sha256 = 0x12;

    /// <summary>False for another base, codec or hash than the pool's contents and a node's directories have.</summary>
    public static bool TryParse(string? text, out Cid cid)
    {
        cid = default;
        return text switch
        {
            null or { Length: > LongestText } => false,
            ['b', ..] => Cid.TryParse(text, out cid),
            ['z', .. var rest] => Base58.TryDecode(rest, out var bytes) && TryReadVersion1(bytes, out cid),
            ['Q', 'm', ..] => Base58.TryDecode(text, out var hash) && TryReadVersion0(hash, out cid),
            _ => false,
        };
    }

    private static bool TryReadVersion1(ReadOnlySpan<byte> bytes, out Cid cid)
    {
        cid = default;
        if (bytes.Length != 36 || bytes[0] != 1 || bytes[1] is not (Cid.RawCodec or Cid.DagPbCodec) || bytes[2] != Sha256 || bytes[3] != 32)
        {
            return false;
        }

        cid = new Cid(bytes[1], bytes[4..]);
        return true;
    }

    private static bool TryReadVersion0(ReadOnlySpan<byte> hash, out Cid cid)
    {
        cid = default;
        if (hash.Length != 34 || hash[0] != Sha256 || hash[1] != 32)
        {
            return false;
        }

        cid = new Cid(Cid.DagPbCodec, hash[2..]);
        return true;
    }
}
