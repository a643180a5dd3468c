using System.Security.Cryptography;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>What every engine agrees on before and after the curve: the forms of keys, hashes, signatures and addresses.</summary>
internal static class Secp256k1Form
{
    public const int KeyBytes = 32;
    public const int HashBytes = 32;
    public const int SignatureBytes = 65;

    private static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
        0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
    ];

    private static ReadOnlySpan<byte> HalfOrder =>
    [
        0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
    ];

    /// <summary>True for 32 bytes that are 1 to the order less 1.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key) => key.Length == KeyBytes && IsScalar(key);

    /// <summary>True for a signature of the one accepted form, so that nobody can make a second signature out of another's.</summary>
    public static bool IsSignature(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature) =>
        hash.Length == HashBytes
        && signature.Length == SignatureBytes
        && signature[64] is 27 or 28
        && IsScalar(signature[..32])
        && IsScalar(signature[32..64])
        && signature[32..64].SequenceCompareTo(HalfOrder) <= 0;

    /// <exception cref="ArgumentException">A length is wrong or the key is no private key.</exception>
    public static void RequireKey(ReadOnlySpan<byte> key)
    {
        if (!IsKey(key))
        {
            throw new ArgumentException("Not a secp256k1 private key: 32 bytes, at least 1 and below the order of the curve.", nameof(key));
        }
    }

    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void RequireLengths(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (hash.Length != HashBytes || signature.Length != SignatureBytes)
        {
            throw new ArgumentException($"A hash has {HashBytes} bytes and a signature {SignatureBytes}, not {hash.Length} and {signature.Length}.", nameof(hash));
        }
    }

    /// <summary>The account of a public key (64 bytes x‖y): the last 20 bytes of its Keccak-256.</summary>
    public static EthAddress AddressOf(ReadOnlySpan<byte> xy)
    {
        Span<byte> digest = stackalloc byte[Keccak256.HashBytes];
        Keccak256.Hash(xy, digest);
        return new EthAddress(digest[12..]);
    }

    /// <summary>The last byte of a signature, of the recovery id that a library gave.</summary>
    /// <exception cref="CryptographicException">A chance of 2⁻¹²⁷: the nonce's x is at or above the order, which no v of Ethereum can say.</exception>
    public static byte V(int recoveryId, string engine) => recoveryId is 0 or 1
        ? (byte)(27 + recoveryId)
        : throw new CryptographicException($"{engine} gave a signature that Ethereum can't express; sign another text.");

    private static bool IsScalar(ReadOnlySpan<byte> value) => value.ContainsAnyExcept((byte)0) && value.SequenceCompareTo(Order) < 0;
}
