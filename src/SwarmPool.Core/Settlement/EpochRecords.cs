using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Settlement;
using SwarmPool.State;

namespace SwarmPool.Core.Settlement;

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
        settlement is null ? [] : [.. settlement.Miners.Select(item => new Payee(item.Miner, item.Address))];
}
