using System.Globalization;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon;

/// <summary>
/// What this pool has published, its journal must hold. A journal that was set back to an old copy would tell the world
/// another story: then the daemon does not start.
/// </summary>
internal static class PublishedHead
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="SwarmPoolException">SP4005: the journal does not hold the record that the last published state names.</exception>
    public static async ValueTask CheckAsync(
        ITransport transport, ContentReader content, SignerCheck signers, EnsName pool, IPoolJournal journal, CancellationToken cancellationToken)
    {
        if (await transport.Content.ResolveAsync(Topics.StatePointer(pool), cancellationToken) is not { } cid)
        {
            return;
        }

        var (bytes, missing) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, Patience, cancellationToken);
        if (missing is not null
            || !SnapshotCodec.TryDecode(bytes, out var snapshot, out _)
            || snapshot.Body is not PoolStateSnapshot published
            || published.Pool != pool
            || (await signers.CheckAsync(snapshot, cancellationToken)).Refusal is not null)
        {
            return; // Anybody may have set the pointer: what is not ours says nothing about us.
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
