using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>
/// What this pool has published, its journal must hold. A journal that was set back to an old copy would tell the world
/// another story: then the daemon does not start. Nor does a standby lead whose store has lost what its leader had signed.
/// </summary>
internal static class PublishedHead
{
    /// <summary>Makes sure that the records between what was signed and what was applied here are one chain.</summary>
    /// <param name="signed">The record that was signed.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="applied">The last record that was applied here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">
    /// SP4005: the journal does not hold the record that was signed. SP4003: what follows it does not lead to what was applied.
    /// </exception>
    public static async ValueTask CheckAsync(JournalHead signed, EnsName pool, IPoolJournal journal, JournalHead applied, CancellationToken cancellationToken)
    {
        if (signed.Sequence == 0)
        {
            return;
        }

        var last = JournalHead.Empty;
        await foreach (var record in journal.ReadAsync(signed.Sequence, cancellationToken))
        {
            if (!SHA256.HashData(record.Body.Span).AsSpan().SequenceEqual(record.Hash.Span))
            {
                throw Broken(journal, record.Sequence, "it does not match its hash");
            }

            if (last.Sequence == 0)
            {
                if (record.Sequence != signed.Sequence || !record.Hash.Span.SequenceEqual(signed.Hash.Span))
                {
                    break;
                }
            }
            else if (record.Sequence != last.Sequence + 1 || !record.Previous.Span.SequenceEqual(last.Hash.Span))
            {
                throw Broken(journal, record.Sequence, $"it does not follow record {last.Sequence}");
            }

            last = new JournalHead(record.Sequence, record.Hash);
            if (record.Sequence >= applied.Sequence)
            {
                break;
            }
        }

        if (last.Sequence == 0)
        {
            throw new SwarmPoolException(ErrorCodes.JournalBehindPublished, string.Create(
                CultureInfo.InvariantCulture,
                $"{pool} has published its state at record {signed.Sequence} ({Convert.ToHexStringLower(signed.Hash.Span)[..12]}…), which the journal {journal.Location} does not hold. It is an old copy or another journal: start with the right one."));
        }

        if (signed.Sequence > applied.Sequence)
        {
            return; // Another has led since these records were applied: the store's fence says so when this one writes.
        }

        if (last.Sequence != applied.Sequence || !last.Hash.Span.SequenceEqual(applied.Hash.Span))
        {
            throw Broken(journal, last.Sequence, $"it does not lead to record {applied.Sequence} as it was applied here");
        }
    }

    private static SwarmPoolException Broken(IPoolJournal journal, long sequence, string what) => new(ErrorCodes.JournalDamaged, string.Create(
        CultureInfo.InvariantCulture, $"Record {sequence} of {journal.Location} is wrong: {what}. Restore the journal from a backup."));
}
