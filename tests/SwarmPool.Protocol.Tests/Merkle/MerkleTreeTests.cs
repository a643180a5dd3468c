using System.Numerics;
using CsCheck;
using SwarmPool.Protocol.Merkle;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Merkle;

public sealed class MerkleTreeTests
{
    private static readonly Gen<byte[][]> Leaves = Gen.Byte.Array[32].Array[1, 40];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Payouts_have_OpenZeppelins_roots_and_proofs(int vector) => Agree(MerkleVectors.Payouts[vector], i =>
        MerkleLeaf.OfPayout(Ledgers.Address($"address {i}"), ((Int128)i * i * 1_000_003) + 1));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Proofs_have_OpenZeppelins_roots_and_proofs(int vector) => Agree(MerkleVectors.Proofs[vector], i =>
        MerkleLeaf.OfProof(
            new Cid(Cid.RawCodec, Ledgers.Sha256($"job {i}")),
            new Cid(Cid.DagPbCodec, Ledgers.Sha256($"proof {i}")),
            Ledgers.Address($"address {i % 5}"),
            i == 0 ? 1_000_000_000_000_000 : (Int128)i * 1_000_003));

    [Fact]
    public void No_leaves_have_the_empty_root_and_nothing_verifies_against_it()
    {
        Assert.Equal("0x" + new string('0', 64), MerkleTree.Root([]));
        Assert.False(MerkleTree.Verify(MerkleTree.EmptyRoot, new byte[31], []));
        Assert.Throws<ArgumentException>(() => MerkleTree.Prove([], new byte[32]));
    }

    [Fact]
    public void Every_leaf_of_every_tree_can_be_proved() => Leaves.Sample(leaves =>
    {
        var root = MerkleTree.Root(leaves);
        Assert.All(leaves, leaf =>
        {
            var proof = MerkleTree.Prove(leaves, leaf);
            Assert.True(MerkleTree.Verify(root, leaf, proof));
            Assert.True(proof.Count <= BitOperations.Log2((uint)leaves.Length) + 1);
        });
    }, iter: 50);

    [Fact]
    public void The_order_of_the_leaves_does_not_matter() => Gen.Select(Leaves, Gen.Int).Sample((leaves, seed) =>
    {
        var root = MerkleTree.Root(leaves);
        new Random(seed).Shuffle(leaves);
        Assert.Equal(root, MerkleTree.Root(leaves));
    }, iter: 50);

    [Fact]
    public void One_bit_changed_anywhere_breaks_the_proof() => Gen.Select(Leaves, Gen.Int[0, 1000], Gen.Int[0, 255]).Sample((leaves, pick, bit) =>
    {
        var root = MerkleTree.Root(leaves);
        var leaf = leaves[pick % leaves.Length];
        var proof = MerkleTree.Prove(leaves, leaf);
        byte[][] parts = [[.. leaf], .. proof];
        parts[pick % parts.Length][bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.False(MerkleTree.Verify(root, parts[0], parts[1..]));
    }, iter: 50);

    [Fact]
    public void A_malformed_proof_is_false_and_never_an_exception()
    {
        var leaf = new byte[32];
        Assert.False(MerkleTree.Verify(null!, leaf, []));
        Assert.False(MerkleTree.Verify("", leaf, []));
        Assert.False(MerkleTree.Verify(MerkleTree.Root([leaf]), leaf, null!));
        Assert.False(MerkleTree.Verify(MerkleTree.Root([leaf]), leaf, [new byte[31]]));
        Assert.False(MerkleTree.Verify(MerkleTree.Root([leaf]), leaf, [null!]));
        Assert.False(MerkleTree.Verify(MerkleTree.Root([leaf]), leaf, [.. Enumerable.Repeat(leaf, MerkleTree.MaxProofLength + 1)]));
    }

    [Fact]
    public void A_leaf_hash_of_another_size_is_an_error() => Assert.Throws<ArgumentException>(() => MerkleTree.Root([new byte[32], new byte[33]]));

    [Fact]
    public void A_negative_amount_has_no_leaf() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleLeaf.OfPayout(Ledgers.Address("a"), -1));

    private static void Agree(MerkleVectors.Vector expected, Func<int, byte[]> leaf)
    {
        byte[][] leaves = [.. Enumerable.Range(0, expected.Size).Select(leaf)];
        var proof = MerkleTree.Prove(leaves, leaves[expected.Size / 2]);
        Assert.Equal(expected.Root, MerkleTree.Root(leaves));
        Assert.Equal(expected.Proof, proof.Select(hash => "0x" + Convert.ToHexStringLower(hash)));
    }
}
