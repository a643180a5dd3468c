using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Merkle;
using SwarmPool.Settlement;
using static SwarmPool.Settlement.MiningMode;

namespace SwarmPool.Plugins.Settlement7525.Tests;

/// <summary>The known ways to lose or steal money in a settlement, each shown to be impossible.</summary>
public sealed class PitfallTests
{
    [Theory]
    [InlineData(SOLO)]
    [InlineData(PPS)]
    public void Pitfall01_PayoutByProofCountNotByValue(MiningMode mode)
    {
        var honest = Enumerable.Repeat(("honest", mode, 10_000_000L), 10);
        var selfMade = Enumerable.Repeat(("attacker", mode, 100L), 90);

        var outcome = Composed.Policy.Settle(Ledgers.Of([.. honest, .. selfMade]), "");

        // The attacker paid its own 90 jobs: 9,000 micro. It gets three quarters of that back, and the honest miner loses nothing.
        Assert.Equal(6_750, Ledgers.PaidTo(outcome, "attacker"));
        Assert.Equal(75_000_000, Ledgers.PaidTo(outcome, "honest"));
    }

    [Theory]
    [InlineData(7, 1_000_000)]
    [InlineData(9, 500)]
    public void Pitfall03_RoundingLosesMoney(int miners, long volume)
    {
        var parts = Enumerable.Range(0, miners).Select(i => ($"m{i}", PPS, (volume / miners) + (i < volume % miners ? 1 : 0)));

        var settlement = Composed.Policy.Settle(Ledgers.Of([.. parts]), "").Settlement;

        Assert.Equal(volume * 3 / 4, settlement.Miners.Sum(p => p.Amount.Micro));
        Assert.Equal(volume - (volume * 3 / 4), settlement.Operations.Micro);
        Assert.All(settlement.Miners, p => Assert.InRange(p.Amount.Micro, volume * 3 / 4 / miners, (volume * 3 / 4 / miners) + 1));
    }

    [Fact]
    public void Pitfall06_SoloAndPpsAreUsed()
    {
        // Four jobs of 5 micro: SOLO rounds each down to 3, PPS rounds the pot of 15 once.
        var solo = Composed.Policy.Settle(Ledgers.Of([.. Enumerable.Repeat(("a", SOLO, 5L), 4)]), "");
        var pps = Composed.Policy.Settle(Ledgers.Of([.. Enumerable.Repeat(("a", PPS, 5L), 4)]), "");

        Assert.Equal(12, Ledgers.PaidTo(solo, "a"));
        Assert.Equal(15, Ledgers.PaidTo(pps, "a"));
    }

    [Fact]
    public void Pitfall07_MerkleRootProvesInclusion()
    {
        var ledger = Ledgers.Of(("a", SOLO, 100), ("b", PPS, 200), ("c", PPS, 300), ("a", PPS, 400), ("d", SOLO, 7));
        var leaves = EpochRoots.ProofLeaves([.. ledger.Entries.Select(EpochItems.ProofItem)]);
        var root = MerkleTree.Root(leaves);

        foreach (var entry in ledger.Entries)
        {
            var leaf = MerkleLeaf.OfProof(entry.Job, entry.Proof, entry.Miner.Address, entry.Price.Micro);
            var proof = MerkleTree.Prove(leaves, leaf);
            Assert.True(MerkleTree.Verify(root, leaf, proof));

            var oneMicroMore = MerkleLeaf.OfProof(entry.Job, entry.Proof, entry.Miner.Address, entry.Price.Micro + 1);
            var otherPayee = MerkleLeaf.OfProof(entry.Job, entry.Proof, Ledgers.Payee("thief").Address, entry.Price.Micro);
            Assert.False(MerkleTree.Verify(root, oneMicroMore, proof));
            Assert.False(MerkleTree.Verify(root, otherPayee, proof));
        }
    }
}
