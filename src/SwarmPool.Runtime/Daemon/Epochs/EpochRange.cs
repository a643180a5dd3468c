using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Settlement;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>What the journal holds of a closed epoch.</summary>
internal static class EpochRange
{
    /// <summary>The epoch's ledger: an entry for each part of each job decided in it.</summary>
    public static async ValueTask<EpochLedger> LedgerAsync(
        IPoolJournal journal, EpochAccount epoch, Payee operations, CancellationToken cancellationToken)
    {
        var entries = new List<LedgerEntry>();
        await foreach (var stored in RecordsAsync(journal, epoch, cancellationToken))
        {
            var record = RecordCodec.Decode(stored, withInput: false);
            foreach (var decided in record.Events.OfType<JobDecided>())
            {
                foreach (var part in decided.Parts)
                {
                    entries.Add(new LedgerEntry(decided.Cid, part.ProofCid, new Payee(part.Miner, part.Payee), part.Mode, part.Price, record.At));
                }
            }
        }

        return new EpochLedger(epoch.Id, epoch.Number, operations, entries);
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
