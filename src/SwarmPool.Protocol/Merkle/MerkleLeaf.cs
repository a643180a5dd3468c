using System.Buffers.Binary;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Merkle;

/// <summary>
/// The hashes of an epoch's leaves: keccak256(keccak256(abi.encode(values))). Hashing twice keeps a leaf from ever passing
/// for an inner node.
/// </summary>
/// <remarks>Pure; thread-safe. abi.encode of these types is one 32-byte word a value (Solidity ABI specification).</remarks>
public static class MerkleLeaf
{
    private const int Word = 32;

    /// <summary>A payout's leaf: (address payee, uint256 micro-USDC).</summary>
    /// <param name="payee">Who is paid.</param>
    /// <param name="micro">Micro-USDC; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="micro"/> is negative.</exception>
    public static byte[] OfPayout(EthAddress payee, Int128 micro)
    {
        Span<byte> words = stackalloc byte[2 * Word];
        words.Clear();
        WriteAddress(words, payee);
        WriteUnsigned(words[Word..], micro);
        return HashTwice(words);
    }

    /// <summary>A paid proof's leaf: (bytes32 job digest, bytes32 proof digest, address payee, uint256 micro-USDC).</summary>
    /// <param name="job">The job's CID; its sha2-256 digest goes into the leaf.</param>
    /// <param name="proof">The proof's CID; its sha2-256 digest goes into the leaf.</param>
    /// <param name="payee">The address fixed when the proof was accepted.</param>
    /// <param name="micro">The price in micro-USDC; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="micro"/> is negative.</exception>
    public static byte[] OfProof(Cid job, Cid proof, EthAddress payee, Int128 micro)
    {
        Span<byte> words = stackalloc byte[4 * Word];
        words.Clear();
        job.CopyDigestTo(words);
        proof.CopyDigestTo(words[Word..]);
        WriteAddress(words[(2 * Word)..], payee);
        WriteUnsigned(words[(3 * Word)..], micro);
        return HashTwice(words);
    }

    private static void WriteAddress(Span<byte> word, EthAddress address) => address.CopyTo(word[12..Word]);

    private static void WriteUnsigned(Span<byte> word, Int128 value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        BinaryPrimitives.WriteInt128BigEndian(word[16..Word], value);
    }

    private static byte[] HashTwice(ReadOnlySpan<byte> words)
    {
        var hash = new byte[Keccak256.HashBytes];
        Keccak256.Hash(words, hash);
        Keccak256.Hash(hash, hash);
        return hash;
    }
}
