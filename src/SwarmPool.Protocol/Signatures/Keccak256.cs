using Org.BouncyCastle.Crypto.Digests;

namespace SwarmPool.Protocol.Signatures;

/// <summary>Keccak-256 as Ethereum uses it, which is not SHA3-256: the padding differs.</summary>
/// <remarks>Thread-safe: each thread reuses its own digest.</remarks>
internal static class Keccak256
{
    public const int HashBytes = 32;

    [ThreadStatic]
    private static KeccakDigest? digest;

    /// <summary>Writes the 32-byte hash of the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash32)
    {
        var own = digest ??= new KeccakDigest(256);
        own.BlockUpdate(data);
        own.DoFinal(hash32);
    }
}
