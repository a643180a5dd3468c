using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

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

    /// <summary>The published form of a check.</summary>
    public static EpochCheckItem CheckItem(CheckEntry check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return new(check.Job, check.Checker.Name, check.Checker.Address, check.Fee, check.DecidedAt);
    }

    /// <summary>The published form of a payout.</summary>
    public static PayoutItem PayoutItem(Payee to, Usdc amount) => new(to.Name, to.Address, amount);

    /// <summary>The ledger that an epoch was settled from, read back from its published items.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="proofs">All of its proof items.</param>
    /// <param name="earlier">The payees that the settlement of the epoch before lists; null or empty for the first epoch.</param>
    /// <param name="checks">All of its check items; null or empty where it has none.</param>
    public static EpochLedger Ledger(
        EpochSnapshot epoch, IReadOnlyList<EpochProofItem> proofs, IReadOnlyList<Payee>? earlier = null, IReadOnlyList<EpochCheckItem>? checks = null)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(proofs);
        var operations = epoch.Settlements.Operations;
        return new(epoch.EpochId, epoch.Number, new(operations.Miner, operations.Address), [.. proofs.Select(Entry)])
        {
            Earlier = earlier ?? [],
            Declared = [.. (epoch.Settlements.Declared ?? []).Select(PayeeOf)],
            Checks = [.. (checks ?? []).Select(static item => new CheckEntry(item.JobCid, new(item.Miner, item.Address), item.Fee, item.DecidedAt))],
        };
    }

    /// <summary>Who gets a published payout.</summary>
    public static Payee PayeeOf(PayoutItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new(item.Miner, item.Address);
    }

    private static LedgerEntry Entry(EpochProofItem item) =>
        new(item.JobCid, item.ProofCid, new(item.Miner, item.Address), item.Mode, item.Price, item.DecidedAt);
}

/// <summary>What the journal's records say of settlements.</summary>
internal static class EpochRecords
{
    /// <summary>The settlement of an epoch when this record is it, else null.</summary>
    /// <param name="number">The epoch's number.</param>
    /// <param name="record">The record, read for its events.</param>
    /// <param name="stored">The same as stored; read for its facts only when it is the one.</param>
    public static SettlementFact? SettlementOf(long number, PoolRecord record, JournalRecord stored) =>
        record.Events.OfType<EpochSettled>().Any(settled => settled.Number == number)
            ? RecordCodec.Decode(stored, withInput: true).Facts.Settlement
            : null;

    /// <summary>What a decided job adds to its epoch's ledger: an entry for each part of its price.</summary>
    public static IEnumerable<LedgerEntry> Entries(JobDecided job, long at) =>
        job.Parts.Select(part => new LedgerEntry(job.Cid, part.ProofCid, new Payee(part.Miner, part.Payee), part.Mode, part.Price, at));

    /// <summary>The payees that a settlement lists, in its order.</summary>
    public static IReadOnlyList<Payee> Payees(SettlementFact? settlement) =>
        settlement is null ? [] : [.. settlement.Miners.Select(EpochItems.PayeeOf)];
}
