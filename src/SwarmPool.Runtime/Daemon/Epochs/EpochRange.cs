using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Settlement;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>What the journal holds of a closed epoch.</summary>
/// <remarks>Whatever is signed by it has to lead to the record that the daemon itself knows as the last.</remarks>
internal static class EpochRange
{
    /// <summary>
    /// The epoch's ledger: an entry for each part of each job decided in it, and the payees of the settlement before. That one is
    /// recorded after this epoch opened: within it as a rule, later when it was kept from being settled for as long.
    /// </summary>
    public static async ValueTask<EpochLedger> LedgerAsync(
        IPoolJournal journal, EpochAccount epoch, Payee operations, CancellationToken cancellationToken, JournalHead? head = null)
    {
        var entries = new List<LedgerEntry>();
        SettlementFact? before = null;
        await foreach (var stored in CheckedRecords.ReadAsync(journal, epoch.FromSequence, head, cancellationToken))
        {
            var isRead = stored.Sequence > epoch.ToSequence && (before is not null || epoch.Number == 1);
            if (isRead && head is null)
            {
                break;
            }

            if (isRead)
            {
                continue; // What is read has to lead to the head.
            }

            var record = RecordCodec.Decode(stored, withInput: false);
            if (stored.Sequence <= epoch.ToSequence)
            {
                entries.AddRange(record.Events.OfType<JobDecided>().SelectMany(decided => EpochRecords.Entries(decided, record.At)));
            }

            before ??= EpochRecords.SettlementOf(epoch.Number - 1, record, stored);
        }

        return new EpochLedger(epoch.Id, epoch.Number, operations, entries) { Earlier = EpochRecords.Payees(before) };
    }

    /// <summary>The epoch's records, its closing the last.</summary>
    public static async IAsyncEnumerable<JournalRecord> RecordsAsync(
        IPoolJournal journal, EpochAccount epoch, JournalHead head, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in CheckedRecords.ReadAsync(journal, epoch.FromSequence, head, cancellationToken))
        {
            if (stored.Sequence <= epoch.ToSequence)
            {
                yield return stored;
            }
        }
    }

    /// <summary>One record.</summary>
    public static async ValueTask<(PoolRecord Record, JournalRecord Stored)> RecordAsync(
        IPoolJournal journal, long sequence, JournalHead head, CancellationToken cancellationToken)
    {
        JournalRecord? found = null;
        await foreach (var stored in CheckedRecords.ReadAsync(journal, sequence, head, cancellationToken))
        {
            found ??= stored;
        }

        return found is not null && found.Sequence == sequence
            ? (RecordCodec.Decode(found, withInput: true), found)
            : throw new InvalidOperationException($"The journal {journal.Location} holds no record {sequence}.");
    }
}
