using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>
/// Whether an engine does on this machine what this build expects, before anything depends on it: a known vector, then agreement
/// with the managed engine.
/// </summary>
internal static class EngineSelfTest
{
    private const int Rounds = 8;

    // The key of EIP-155's example.
    private static readonly byte[] KnownKey = [.. Enumerable.Repeat((byte)0x46, 32)];
    private static readonly EthAddress KnownAddress = EthAddress.Parse("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");

    // The hash that a wallet makes of "Some data", and its signature with that key.
    private static readonly byte[] KnownHash = Convert.FromHexString("1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655");
    private static readonly byte[] KnownSignature = Convert.FromHexString(
        "0ad186d9dc89786794a748c52e45ac1c3c3fb2cd3044f03ff905edffb32737cd388de69527a6f61df80ecedb5184488a31888c4da32becebf58999af017039a61c");

    /// <summary>Null, or what it did wrong.</summary>
    public static string? Fault(ISignatureEngine engine)
    {
        if (engine.AddressOf(KnownKey) != KnownAddress)
        {
            return "it derives a wrong address";
        }

        Span<byte> known = stackalloc byte[65];
        engine.Sign(KnownKey, KnownHash, known);
        if (!known.SequenceEqual(KnownSignature))
        {
            return "it signs otherwise than wallets do";
        }

        var managed = SignatureEngines.Managed;
        Span<byte> hash = stackalloc byte[32];
        Span<byte> expected = stackalloc byte[65];
        Span<byte> actual = stackalloc byte[65];
        for (var round = 0; round < Rounds; round++)
        {
            SHA256.HashData(Encoding.ASCII.GetBytes($"SwarmPool self-test {round}"), hash);
            managed.Sign(KnownKey, hash, expected);
            engine.Sign(KnownKey, hash, actual);
            if (!actual.SequenceEqual(expected))
            {
                return "it signs differently from the managed engine";
            }

            if (!engine.TryRecover(hash, actual, out var address) || address != KnownAddress)
            {
                return "it does not recover its own signature";
            }

            actual[40] ^= 1;
            var agrees = engine.TryRecover(hash, actual, out var other) == managed.TryRecover(hash, actual, out var reference);
            if (!agrees || other != reference || other == KnownAddress)
            {
                return "it recovers a damaged signature differently from the managed engine";
            }
        }

        return null;
    }
}
