using System.Numerics;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>
/// Reads CIDs as nodes print them: version 1 in base32 or base58btc (<c>z…</c>), version 0 (<c>Qm…</c>). They are compared by
/// their bytes.
/// </summary>
internal static class NodeCid
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
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
            ['z', .. var rest] => TryDecode(rest, 36, out var bytes) && TryReadVersion1(bytes, out cid),
            ['Q', 'm', ..] => TryDecode(text, 34, out var hash) && TryReadVersion0(hash, out cid),
            _ => false,
        };
    }

    private static bool TryReadVersion1(ReadOnlySpan<byte> bytes, out Cid cid)
    {
        cid = default;
        if (bytes[0] != 1 || bytes[1] is not (Cid.RawCodec or Cid.DagPbCodec) || bytes[2] != Sha256 || bytes[3] != 32)
        {
            return false;
        }

        cid = new Cid(bytes[1], bytes[4..]);
        return true;
    }

    private static bool TryReadVersion0(ReadOnlySpan<byte> hash, out Cid cid)
    {
        cid = default;
        if (hash[0] != Sha256 || hash[1] != 32)
        {
            return false;
        }

        cid = new Cid(Cid.DagPbCodec, hash[2..]);
        return true;
    }

    // None of the forms that are read begins with a zero byte, so base58's leading ones need no care.
    private static bool TryDecode(ReadOnlySpan<char> text, int length, out byte[] bytes)
    {
        bytes = [];
        var value = BigInteger.Zero;
        foreach (var c in text)
        {
            var digit = Base58.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            value = (value * 58) + digit;
        }

        bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return bytes.Length == length;
    }
}
