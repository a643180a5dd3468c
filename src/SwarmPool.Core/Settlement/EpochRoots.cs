using SwarmPool.Identity;
using SwarmPool.Protocol.Merkle;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Settlement;

/// <summary>The two Merkle roots of an epoch: over the paid proofs, and over the payouts that can be claimed.</summary>
/// <remarks>Pure; thread-safe; independent of the order of the lists.</remarks>
public static class EpochRoots
{
    /// <summary>The root over the paid proofs: one leaf a proof, as <see cref="MerkleLeaf.OfProof"/>.</summary>
    public static string OfProofs(IReadOnlyList<EpochProofItem> proofs) => MerkleTree.Root(ProofLeaves(proofs));

    /// <summary>The root over the payouts, those of declared payees and of checkers after the miners': one leaf an address, as <see cref="MerkleLeaf.OfPayout"/>.</summary>
    public static string OfPayouts(PayoutItem operations, IReadOnlyList<PayoutItem> miners) =>
        MerkleTree.Root(PayoutLeaves(operations, miners));

    /// <summary>The leaves of the proofs, in the order given.</summary>
    public static IReadOnlyList<byte[]> ProofLeaves(IReadOnlyList<EpochProofItem> proofs)
    {
        ArgumentNullException.ThrowIfNull(proofs);
        return [.. proofs.Select(static proof => MerkleLeaf.OfProof(proof.JobCid, proof.ProofCid, proof.Address, proof.Price.Micro))];
    }

    /// <summary>The leaves of the payouts, in the order of the addresses.</summary>
    public static IReadOnlyList<byte[]> PayoutLeaves(PayoutItem operations, IReadOnlyList<PayoutItem> miners) =>
        [.. Claimable(operations, miners).Select(static claim => MerkleLeaf.OfPayout(claim.Key, claim.Value))];

    /// <summary>
    /// What each address can claim, in micro-USDC: the sum over all names that are paid there, operations among them.
    /// A contract knows addresses, not names, so an address has one leaf. Addresses with nothing to claim are left out.
    /// </summary>
    public static IReadOnlyDictionary<EthAddress, Int128> Claimable(PayoutItem operations, IReadOnlyList<PayoutItem> miners)
    {
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(miners);
        var claims = new SortedDictionary<EthAddress, Int128>();
        foreach (var payout in miners.Append(operations))
        {
            if (payout.Amount > SwarmPool.Settlement.Usdc.Zero)
            {
                claims[payout.Address] = claims.GetValueOrDefault(payout.Address) + payout.Amount.Micro;
            }
        }

        return claims;
    }
}
