using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>What the journal holds of a closed epoch.</summary>
internal static class EpochRange
{
    /// <summary>
    /// The epoch's ledger: an entry for each part of each job decided in it, and the payees of the settlement before. That one is
    /// recorded after this epoch opened: within it as a rule, later when it was kept from being settled for as long.
    /// </summary>
    public static async ValueTask<EpochLedger> LedgerAsync(
        IPoolJournal journal, EpochAccount epoch, Payee operations, CancellationToken cancellationToken)
    {
        var entries = new List<LedgerEntry>();
        SettlementFact? before = null;
        await foreach (var stored in journal.ReadAsync(epoch.FromSequence, cancellationToken))
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            if (stored.Sequence <= epoch.ToSequence)
            {
                entries.AddRange(record.Events.OfType<JobDecided>().SelectMany(decided => EpochRecords.Entries(decided, record.At)));
            }

            before ??= EpochRecords.SettlementOf(epoch.Number - 1, record, stored);
            if (stored.Sequence >= epoch.ToSequence && (before is not null || epoch.Number == 1))
            {
                break;
            }
        }

        return new EpochLedger(epoch.Id, epoch.Number, operations, entries) { Earlier = EpochRecords.Payees(before) };
    }

    /// <summary>The epoch's records, its closing the last.</summary>
    public static async IAsyncEnumerable<JournalRecord> RecordsAsync(
        IPoolJournal journal, EpochAccount epoch, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in journal.ReadAsync(epoch.FromSequence, cancellationToken))
        {
            yield return stored;
            if (stored.Sequence == epoch.ToSequence)
            {
                yield break;
            }
        }
    }

    /// <summary>One record.</summary>
    public static async ValueTask<(PoolRecord Record, JournalRecord Stored)> RecordAsync(
        IPoolJournal journal, long sequence, CancellationToken cancellationToken)
    {
        await foreach (var stored in journal.ReadAsync(sequence, cancellationToken))
        {
            return (RecordCodec.Decode(stored, withInput: true), stored);
        }

        throw new InvalidOperationException($"The journal {journal.Location} holds no record {sequence}.");
    }
}
