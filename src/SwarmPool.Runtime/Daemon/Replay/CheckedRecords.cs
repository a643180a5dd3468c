using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SwarmPool.Protocol.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Replay;

/// <summary>
/// Records as a store gives them, each checked against its hash and the one before it, up to the one that this daemon knows to be the last. What
/// is signed must not rest on what somebody else wrote into the store since.
/// </summary>
internal static class CheckedRecords
{
    /// <summary>The records from a sequence on. Whoever reads has to read to the end: the last step is the check that they lead to the head.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="fromSequence">The first.</param>
    /// <param name="head">What they have to lead to; null where nothing is known, and nothing is signed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP4003: they don't.</exception>
    public static async IAsyncEnumerable<JournalRecord> ReadAsync(
        IPoolJournal journal, long fromSequence, JournalHead? head, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (head is not null && fromSequence > head.Sequence)
        {
            yield break; // Nothing has come since.
        }

        JournalRecord? last = null;
        await foreach (var record in journal.ReadAsync(fromSequence, cancellationToken))
        {
            if (last is not null && (record.Sequence != last.Sequence + 1 || !record.Previous.Span.SequenceEqual(last.Hash.Span)))
            {
                throw Wrong(journal, record, $"it does not follow record {last.Sequence}");
            }

            if (!SHA256.HashData(record.Body.Span).AsSpan().SequenceEqual(record.Hash.Span))
            {
                throw Wrong(journal, record, "it does not match its hash");
            }

            last = record;
            yield return record;
            if (head is not null && record.Sequence >= head.Sequence)
            {
                break;
            }
        }

        if (head is not null && (last is null || last.Sequence != head.Sequence || !last.Hash.Span.SequenceEqual(head.Hash.Span)))
        {
            throw Wrong(journal, last, $"it does not lead to record {head.Sequence} as this daemon wrote or applied it");
        }
    }

    private static SwarmPoolException Wrong(IPoolJournal journal, JournalRecord? record, string what) => new(ErrorCodes.JournalDamaged, string.Create(
        CultureInfo.InvariantCulture,
        $"Record {record?.Sequence ?? 0} of {journal.Location} is wrong: {what}. Somebody has changed the store: nothing is signed by it. Restore the journal from a backup."));
}
