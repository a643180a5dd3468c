using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>
/// Publishes the signed state when it changed, and once a minute in any case: who comes late, or was busy, reads it and
/// goes on from there.
/// </summary>
internal sealed class StatePublisher(
    Sequencer sequencer, StatePages pages, TrustPages trust, StateWriter writer, AnnouncementPublisher publisher, PublicTreePublisher tree, IDaemonObserver observer,
    TimeProvider time, ILogger<StatePublisher> logger)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private StatePages.Changes? unstored;
    private long publishedSequence = -1;
    private long publishedAt;

    /// <param name="interval">How often it is looked whether anything changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            await PublishIfDueAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Publishes if anything changed or it was silent for long. A transport's fault is logged and tried again at the next turn.</summary>
    public async ValueTask PublishIfDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            var sequence = await sequencer.AskAsync(state => state.Sequence, cancellationToken);
            if (sequence != publishedSequence || time.GetElapsedTime(publishedAt) >= LongestSilence)
            {
                await PublishAsync(cancellationToken);
            }
        }
        catch (TransportException e)
        {
            DaemonLog.StateNotPublished(logger, e.Message);
        }
    }

    private async ValueTask PublishAsync(CancellationToken cancellationToken)
    {
        // Changes are taken from the state once; if storing them failed they are stored before newer ones.
        if (unstored is not null)
        {
            await pages.StoreAsync(unstored, cancellationToken);
            tree.Add(unstored);
            unstored = null;
        }

        var (draft, changes, _) = await sequencer.AskAsync((state, head) => (writer.Draft(state, head), StatePages.Capture(state), trust.Capture(state)), cancellationToken);
        unstored = changes;
        await pages.StoreAsync(changes, cancellationToken);
        await trust.StoreAsync(cancellationToken);
        tree.Add(changes);
        unstored = null;

        var signed = await writer.SignAsync(draft, pages, trust, cancellationToken);
        var (body, cid) = ((PoolStateSnapshot)signed.Body, signed.Cid);
        await publisher.PublishStateAsync(signed, cancellationToken);
        tree.Add(new PublishedState(body, cid, [.. pages.Stored, .. trust.Stored, .. body.Trust ?? [], .. body.PendingJobs, .. body.ClaimedJobs, .. body.ActiveMiners]));
        publishedSequence = draft.Sequence;
        publishedAt = time.GetTimestamp();
        observer.StatePublished(body, cid);
    }
}
