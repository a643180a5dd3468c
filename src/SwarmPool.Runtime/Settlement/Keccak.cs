using Org.BouncyCastle.Crypto.Digests;

namespace SwarmPool.Runtime.Settlement;

/// <summary>Keccak-256 as Ethereum uses it (not FIPS 202 SHA3-256, which pads differently), with one digest reused.</summary>
/// <remarks>Not thread-safe: one instance a computation.</remarks>
internal sealed class Keccak
{
    public const int Bytes = 32;

    private readonly KeccakDigest digest = new(Bytes * 8);

    public byte[] Of(ReadOnlySpan<byte> data)
    {
        digest.BlockUpdate(data);
        return Finish();
    }

    public byte[] OfPair(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        digest.BlockUpdate(first);
        digest.BlockUpdate(second);
        return Finish();
    }

    private byte[] Finish()
    {
        var hash = new byte[Bytes];
        digest.DoFinal(hash);
        return hash;
    }
}
