using Org.BouncyCastle.Crypto.Digests;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>Keccak-256 as Ethereum uses it, which is not SHA3-256.</summary>
/// <remarks>Thread-safe: each thread reuses its own digest.</remarks>
internal static class Keccak
{
    public const int HashBytes = 32;

    [ThreadStatic]
    private static KeccakDigest? digest;

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash32)
    {
        var own = digest ??= new KeccakDigest(256);
        own.BlockUpdate(data);
        own.DoFinal(hash32);
    }
}
