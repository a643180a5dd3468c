using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>What the journal holds of a closed epoch, and of those whose work it settles.</summary>
/// <remarks>Whatever is signed by it has to lead to the record that the daemon itself knows as the last.</remarks>
internal static class EpochRange
{
    /// <summary>The epoch's ledger: see <see cref="WorkAsync"/>.</summary>
    public static async ValueTask<EpochLedger> LedgerAsync(
        IPoolJournal journal, EpochAccount epoch, Payee operations, CancellationToken cancellationToken, JournalHead? head = null) =>
        (await WorkAsync(journal, epoch, operations, cancellationToken, head)).Ledger;

    /// <summary>
    /// What the epoch settles: an entry for each part of each job decided in it or, where work is held, in the epochs that it releases; the
    /// checks decided there; and the payees of the settlement before. That one is recorded after this epoch opened: within it as a rule, later
    /// when it was kept from being settled for as long.
    /// </summary>
    public static async ValueTask<SettledWork> WorkAsync(
        IPoolJournal journal, EpochAccount epoch, Payee operations, CancellationToken cancellationToken, JournalHead? head = null)
    {
        var (first, last) = (epoch.WorkFromSequence ?? epoch.FromSequence, epoch.WorkToSequence ?? epoch.ToSequence);
        var book = new WorkBook(epoch.WorkFrom ?? epoch.Number);
        SettlementFact? before = null;
        await foreach (var stored in CheckedRecords.ReadAsync(journal, first, head, cancellationToken))
        {
            var isPast = stored.Sequence > last;
            var isRead = isPast && (before is not null || epoch.Number == 1);
            if (isRead && head is null)
            {
                break;
            }

            if (isRead || (isPast && stored.Sequence < epoch.FromSequence))
            {
                continue; // What is read has to lead to the head.
            }

            var record = RecordCodec.Decode(stored, withInput: false);
            if (!isPast)
            {
                book.Add(record);
                if (record.Events.OfType<EpochClosed>().Any())
                {
                    book.End();
                }
            }

            before ??= EpochRecords.SettlementOf(epoch.Number - 1, record, stored);
        }

        var work = book.Release(epoch.WorkTo ?? epoch.Number, epoch.Struck ?? []);
        return new SettledWork(
            new EpochLedger(epoch.Id, epoch.Number, operations, work.Entries) { Earlier = EpochRecords.Payees(before), Checks = work.Checks }, work.Refunds);
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

/// <summary>What an epoch settles, and what is not paid of the work that it releases.</summary>
internal sealed record SettledWork(EpochLedger Ledger, IReadOnlyList<RefundItem> Refunds);
