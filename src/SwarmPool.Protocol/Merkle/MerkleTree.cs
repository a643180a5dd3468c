using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Protocol.Merkle;

/// <summary>
/// The Merkle tree that OpenZeppelin's StandardMerkleTree builds and its MerkleProof contract verifies: keccak-256,
/// leaves sorted, each pair sorted before it is hashed. The hashes of leaves come from <see cref="MerkleLeaf"/>.
/// </summary>
/// <remarks>
/// Pure; thread-safe. Sorting makes the root independent of the order of the leaves. Checked against
/// @openzeppelin/merkle-tree 1.0.8.
/// </remarks>
public static class MerkleTree
{
    /// <summary>The root of no leaves: 0x and 64 zeros. No proof verifies against it.</summary>
    public const string EmptyRoot = "0x0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The longest proof that <see cref="Verify"/> looks at: 64 hashes, more than any tree that fits into memory needs.</summary>
    public const int MaxProofLength = 64;

    /// <summary>The root: 0x and 64 lower-case hex digits; <see cref="EmptyRoot"/> for no leaves.</summary>
    /// <param name="leafHashes">32 bytes each, in any order; not changed.</param>
    /// <exception cref="ArgumentException">A leaf hash has not 32 bytes.</exception>
    public static string Root(IReadOnlyList<byte[]> leafHashes)
    {
        ArgumentNullException.ThrowIfNull(leafHashes);
        return leafHashes.Count == 0 ? EmptyRoot : ToHex(Build(leafHashes)[0]);
    }

    /// <summary>The proof that a leaf is in the tree: the siblings from the leaf up; empty for a tree of one leaf.</summary>
    /// <param name="leafHashes">All leaves, in any order.</param>
    /// <param name="leafHash">The leaf to prove.</param>
    /// <exception cref="ArgumentException">The leaf is not among the leaves, or a leaf hash has not 32 bytes.</exception>
    public static IReadOnlyList<byte[]> Prove(IReadOnlyList<byte[]> leafHashes, ReadOnlySpan<byte> leafHash)
    {
        ArgumentNullException.ThrowIfNull(leafHashes);
        var tree = leafHashes.Count == 0 ? [] : Build(leafHashes);
        for (var i = tree.Length - 1; i >= tree.Length - leafHashes.Count; i--)
        {
            if (leafHash.SequenceEqual(tree[i]))
            {
                return PathFrom(i, tree);
            }
        }

        throw new ArgumentException("The leaf to prove is not among the leaves of the tree.", nameof(leafHash));
    }

    /// <summary>True when the proof leads from the leaf to the root. Safe on hostile input: what is malformed is false.</summary>
    /// <param name="root">0x and 64 hex digits.</param>
    /// <param name="leafHash">The leaf's hash, from <see cref="MerkleLeaf"/>.</param>
    /// <param name="proof">The siblings from the leaf up; at most <see cref="MaxProofLength"/>.</param>
    public static bool Verify(string root, ReadOnlySpan<byte> leafHash, IReadOnlyList<byte[]> proof)
    {
        if (root is null || proof is null || leafHash.Length != Keccak256.HashBytes || proof.Count > MaxProofLength)
        {
            return false;
        }

        var node = leafHash.ToArray();
        foreach (var sibling in proof)
        {
            if (sibling is not { Length: Keccak256.HashBytes })
            {
                return false;
            }

            node = Parent(node, sibling);
        }

        return string.Equals(root, ToHex(node), StringComparison.OrdinalIgnoreCase);
    }

    // A heap-shaped array: node i has the children 2i+1 and 2i+2; the sorted leaves fill it from its end.
    private static byte[][] Build(IReadOnlyList<byte[]> leafHashes)
    {
        var leaves = new byte[leafHashes.Count][];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = leafHashes[i] is { Length: Keccak256.HashBytes } hash
                ? hash
                : throw new ArgumentException($"Leaf hash {i} has not {Keccak256.HashBytes} bytes.", nameof(leafHashes));
        }

        Array.Sort(leaves, static (a, b) => a.AsSpan().SequenceCompareTo(b));

        var tree = new byte[checked((2 * leaves.Length) - 1)][];
        for (var i = 0; i < leaves.Length; i++)
        {
            tree[tree.Length - 1 - i] = leaves[i];
        }

        for (var i = tree.Length - 1 - leaves.Length; i >= 0; i--)
        {
            tree[i] = Parent(tree[(2 * i) + 1], tree[(2 * i) + 2]);
        }

        return tree;
    }

    private static List<byte[]> PathFrom(int index, byte[][] tree)
    {
        var path = new List<byte[]>();
        for (var i = index; i > 0; i = (i - 1) / 2)
        {
            // A left child has an odd index.
            path.Add([.. tree[i % 2 == 1 ? i + 1 : i - 1]]);
        }

        return path;
    }

    private static byte[] Parent(byte[] a, byte[] b)
    {
        var inOrder = a.AsSpan().SequenceCompareTo(b) <= 0;
        Span<byte> pair = stackalloc byte[2 * Keccak256.HashBytes];
        (inOrder ? a : b).CopyTo(pair);
        (inOrder ? b : a).CopyTo(pair[Keccak256.HashBytes..]);
        var parent = new byte[Keccak256.HashBytes];
        Keccak256.Hash(pair, parent);
        return parent;
    }

    private static string ToHex(byte[] hash) => "0x" + Convert.ToHexStringLower(hash);
}
