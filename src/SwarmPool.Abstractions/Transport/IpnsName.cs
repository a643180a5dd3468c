using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Transport;

/// <summary>
/// A name of IPNS: the hash of a public key. Its text here is that of a CIDv1 in base36 (<c>k51…</c>), whatever form it was
/// written in: base58btc without a prefix (<c>12D3…</c>, <c>Qm…</c>), base36 (<c>k…</c>) or bytes, as in an ENS contenthash.
/// </summary>
/// <remarks>Immutable; compares by text. <c>default</c> is no name: its text is empty.</remarks>
public readonly record struct IpnsName
{
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int LongestText = 80;
    private const byte KeyCodec = 0x72;

    private readonly string? text;

    private IpnsName(ReadOnlySpan<byte> hash) => text = "k" + Digits.Encode([1, KeyCodec, .. hash], Base36);

    /// <summary>Reads a name's text; false when it is not valid.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpnsName name)
    {
        name = default;
        return text switch
        {
            null or { Length: 0 or > LongestText } => false,
            ['k', .. var rest] => Digits.TryDecode(rest, Base36, out var cid) && TryRead(cid, out name),
            _ => Base58.TryDecode(text, out var hash) && TryReadHash(hash, out name),
        };
    }

    /// <summary>Reads a CIDv1's bytes; false when they are not those of a key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> cid, out IpnsName name)
    {
        name = default;
        return cid is [1, KeyCodec, .. var hash] && TryReadHash(hash, out name);
    }

    /// <summary>The spelling of a peer's id (<c>12D3…</c>, <c>Qm…</c>), which every node reads; empty for <c>default</c>.</summary>
    public string ToPeerText() => text is not null && Digits.TryDecode(text.AsSpan(1), Base36, out var cid) ? Base58.Encode(cid.AsSpan(2)) : "";

    /// <inheritdoc/>
    public override string ToString() => text ?? "";

    // An ed25519 key is short enough to stand for itself (identity); others are hashed by sha2-256.
    private static bool TryReadHash(ReadOnlySpan<byte> hash, out IpnsName name)
    {
        var isName = hash is [0x00, 36, 8, 1, 18, 32, ..] && hash.Length == 38 || hash is [0x12, 32, ..] && hash.Length == 34;
        name = isName ? new IpnsName(hash) : default;
        return isName;
    }
}
