using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>
/// Publishes what became durable, in order, and remembers how far it got; after a crash the rest is announced again, in
/// the same bytes. While the transport can't publish it waits, and with it, in the end, the sequencer: nothing is lost.
/// </summary>
internal sealed class Announcer(
    AnnouncementWriter writer, AnnouncementPublisher publisher, IPoolJournal journal, JournalLease lease, IDaemonObserver observer, ChannelReader<Commit> commits,
    ILogger<Announcer> logger)
{
    public const string Cursor = "announced";

    // A cursor that is behind only means that after a crash some is said again. So while more waits to be said it is not saved
    // for each: the journal has better to do then.
    private const int MostUnsaved = 32;

    private int unsaved;

    /// <summary>
    /// Announces what was left unsaid, then runs until the sequencer has ended and all is announced. When it is abandoned it takes the rest
    /// without a word, so that the sequencer can end; the cursor says where the next start has to go on.
    /// </summary>
    public async Task RunAsync(IReadOnlyList<Commit> backlog, CancellationToken abandon)
    {
        foreach (var commit in backlog)
        {
            await TryAnnounceAsync(commit, abandon);
        }

        await foreach (var commit in commits.ReadAllAsync(CancellationToken.None))
        {
            await TryAnnounceAsync(commit, abandon);
        }
    }

    private async ValueTask TryAnnounceAsync(Commit commit, CancellationToken abandon)
    {
        if (abandon.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await AnnounceAsync(commit, abandon);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            DaemonLog.Unsaid(logger, commit.ToSequence);
        }
    }

    private async ValueTask AnnounceAsync(Commit commit, CancellationToken abandon)
    {
        foreach (var (type, items) in commit.Announcements.ByType)
        {
            items.ForEach(item => observer.Announced(type, item));
        }

        var header = new AnnouncementHeader(commit.FromSequence, commit.ToSequence, commit.Head, commit.At, commit.Head);
        foreach (var announcement in await writer.WriteAsync(header, commit.Announcements, abandon))
        {
            await publisher.PublishAsync(announcement, abandon);
        }

        if (++unsaved >= MostUnsaved || !commits.TryPeek(out _))
        {
            await journal.SaveCursorAsync(lease, Cursor, commit.ToSequence, abandon);
            unsaved = 0;
        }
    }
}

/// <summary>
/// Publishes what the pool signed, on the topic of its type, however long the transport takes to be there, and only as long as this
/// daemon leads for all it can know: what one says that was replaced would contradict its successor.
/// </summary>
internal sealed class AnnouncementPublisher(ITransport transport, LeaderLease lease, SwarmPool.Identity.EnsName pool, TimeProvider time, ILogger<AnnouncementPublisher> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Stores a state, points at it, and publishes it.</summary>
    /// <exception cref="TransportException">It could not be stored or pointed at.</exception>
    public async ValueTask PublishStateAsync(SignedSnapshot state, CancellationToken cancellationToken)
    {
        await transport.Content.PutAsync(state.Bytes, cancellationToken);
        await lease.SureAsync(cancellationToken); // The pointer is one for all daemons of the pool: it must not go back to an older state.
        await transport.Content.PointAsync(Topics.StatePointer(pool), state.Cid, cancellationToken);
        await PublishAsync(state, cancellationToken);
    }

    public async ValueTask PublishAsync(SignedSnapshot snapshot, CancellationToken cancellationToken)
    {
        var message = MessageForm.Of(snapshot);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!MessageForm.Travels(snapshot))
                {
                    await transport.Content.PutAsync(snapshot.Bytes, cancellationToken);
                }

                await lease.SureAsync(cancellationToken);
                await transport.PubSub.PublishAsync(Topics.Of(pool, snapshot.Body.Type), message, cancellationToken);
                return;
            }
            catch (TransportException e) when (e.Fault == TransportFault.Unavailable)
            {
                DaemonLog.PublishWaits(logger, snapshot.Body.Type, attempt, e.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
