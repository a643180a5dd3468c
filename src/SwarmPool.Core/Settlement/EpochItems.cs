using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Settlement;

/// <summary>Between what a policy settles (ledger, payouts) and what an epoch publishes (proof items, payout items).</summary>
/// <remarks>Pure; thread-safe; nothing is lost either way, which is why an epoch can be settled again from its pages.</remarks>
public static class EpochItems
{
    /// <summary>The published form of a ledger entry.</summary>
    public static EpochProofItem ProofItem(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(entry.Job, entry.Proof, entry.Miner.Name, entry.Miner.Address, entry.Mode, entry.Price, entry.DecidedAt);
    }

    /// <summary>The published form of a payout.</summary>
    public static PayoutItem PayoutItem(Payee to, Usdc amount) => new(to.Name, to.Address, amount);

    /// <summary>The ledger that an epoch was settled from, read back from its published items.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="proofs">All of its proof items.</param>
    /// <param name="earlier">The payees that the settlement of the epoch before lists; null or empty for the first epoch.</param>
    public static EpochLedger Ledger(EpochSnapshot epoch, IReadOnlyList<EpochProofItem> proofs, IReadOnlyList<Payee>? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(proofs);
        var operations = epoch.Settlements.Operations;
        return new(epoch.EpochId, epoch.Number, new(operations.Miner, operations.Address), [.. proofs.Select(Entry)]) { Earlier = earlier ?? [] };
    }

    private static LedgerEntry Entry(EpochProofItem item) =>
        new(item.JobCid, item.ProofCid, new(item.Miner, item.Address), item.Mode, item.Price, item.DecidedAt);
}
