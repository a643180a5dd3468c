using System.Buffers.Binary;
using SwarmPool.Protocol.Merkle;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Protocol.Evidence;

/// <summary>The parts of an evidence that can be shown alone, and the root that a proof names: the head, then a page for each 32 positions.</summary>
/// <remarks>
/// Pure; thread-safe. A leaf is keccak256(keccak256("SPE1" ‖ its number, four bytes, the most significant first ‖ the part's bytes)): the head's number is 0, the
/// first page's 1. <see cref="MerkleTree"/> sorts leaves, so the number is what fixes a part's place; and hashing twice keeps a leaf from passing for an inner node.
/// </remarks>
public static class EvidencePages
{
    /// <summary>The Merkle root of an evidence: 0x and 64 lower-case hex digits.</summary>
    /// <param name="evidence">Bytes that <see cref="TokenEvidenceCodec"/> has written or read.</param>
    /// <exception cref="ArgumentException">They are no such bytes.</exception>
    public static string Root(ReadOnlyMemory<byte> evidence) => MerkleTree.Root(Leaves(evidence));

    /// <summary>All leaves' hashes, the head's first: for <see cref="MerkleTree.Prove"/>.</summary>
    /// <inheritdoc cref="Root"/>
    public static IReadOnlyList<byte[]> Leaves(ReadOnlyMemory<byte> evidence)
    {
        var parts = Split(evidence);
        var leaves = new byte[parts.Count][];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = LeafOf(i, parts[i].Span);
        }

        return leaves;
    }

    /// <summary>The head and the pages, in order.</summary>
    /// <inheritdoc cref="Root"/>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> evidence) =>
        TokenEvidenceReader.TrySplit(evidence, out var parts) ? parts : throw new ArgumentException("The bytes are no evidence.", nameof(evidence));

    /// <summary>The hash of one part, for <see cref="MerkleTree.Verify"/>.</summary>
    /// <param name="number">0 for the head, from 1 for the pages.</param>
    /// <param name="part">The part's bytes.</param>
    public static byte[] LeafOf(int number, ReadOnlySpan<byte> part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var text = new byte[TokenEvidenceCodec.Magic.Length + 4 + part.Length];
        TokenEvidenceCodec.Magic.CopyTo(text);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(TokenEvidenceCodec.Magic.Length), number);
        part.CopyTo(text.AsSpan(TokenEvidenceCodec.Magic.Length + 4));
        var hash = new byte[Keccak256.HashBytes];
        Keccak256.Hash(text, hash);
        Keccak256.Hash(hash, hash);
        return hash;
    }
}
