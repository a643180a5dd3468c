using System.Globalization;
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
    /// <exception cref="SwarmPoolException">SP4005: the journal does not hold the record that the last published state names.</exception>
    public static async ValueTask CheckAsync(PublishedHeadProbe last, EnsName pool, IPoolJournal journal, CancellationToken cancellationToken)
    {
        if (await last.FindAsync(cancellationToken) is not { } published)
        {
            return;
        }

        await foreach (var record in journal.ReadAsync(published.Sequence, cancellationToken))
        {
            if (Convert.ToHexStringLower(record.Hash.Span) == published.JournalHead)
            {
                return;
            }

            break;
        }

        throw new SwarmPoolException(ErrorCodes.JournalBehindPublished, string.Create(
            CultureInfo.InvariantCulture,
            $"{pool} has published its state at record {published.Sequence} ({published.JournalHead[..12]}…), which the journal {journal.Location} does not hold. It is an old copy or another journal: start with the right one."));
    }
}
