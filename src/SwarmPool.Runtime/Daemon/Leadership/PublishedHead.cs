using System.Globalization;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Replay;
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

        await foreach (var record in journal.ReadAsync(signed.Sequence, cancellationToken))
        {
            if (record.Sequence == signed.Sequence && record.Hash.Span.SequenceEqual(signed.Hash.Span))
            {
                await CheckChainAsync(signed, pool, journal, applied, cancellationToken);
                return;
            }

            break;
        }

        throw NotHeld(signed, pool, journal);
    }

    private static async ValueTask CheckChainAsync(JournalHead signed, EnsName pool, IPoolJournal journal, JournalHead applied, CancellationToken cancellationToken)
    {
        if (signed.Sequence > applied.Sequence)
        {
            return; // Another has led since these were applied: the store's fence says so when this one writes.
        }

        await foreach (var record in CheckedRecords.ReadAsync(journal, signed.Sequence, applied, cancellationToken))
        {
            if (record.Sequence == signed.Sequence && !record.Hash.Span.SequenceEqual(signed.Hash.Span))
            {
                throw NotHeld(signed, pool, journal);
            }
        }
    }

    private static SwarmPoolException NotHeld(JournalHead signed, EnsName pool, IPoolJournal journal) => new(ErrorCodes.JournalBehindPublished, string.Create(
        CultureInfo.InvariantCulture,
        $"{pool} has published its state at record {signed.Sequence} ({Convert.ToHexStringLower(signed.Hash.Span)[..12]}…), which the journal {journal.Location} does not hold. It is an old copy or another journal: start with the right one."));
}
