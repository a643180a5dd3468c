using Microsoft.Extensions.Logging;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Publishing;

/// <summary>
/// Publishes the signed state when it changed, and once a minute in any case: who comes late, or was busy, reads it and
/// goes on from there.
/// </summary>
internal sealed class StatePublisher(
    Sequencer sequencer, IPoolJournal journal, LeaderLease lease, ITransport transport, AnnouncementPublisher publisher, ISigner signer, EnsName pool, string network, MinerPresence presence,
    IDaemonObserver observer, PublicTreePublisher tree, TimeSpan interval, TimeProvider time, ILogger<StatePublisher> logger,
    Cid? delegation = null)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly StatePages pages = new(transport.Content);
    private StatePages.Changes? unstored;
    private long publishedSequence = -1;
    private long publishedAt;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            await PublishIfDueAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Publishes if anything changed or it was silent for long. A transport's fault is logged and mended at the next turn.</summary>
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

        var (draft, changes) = await sequencer.AskAsync(state => (Draft(state), StatePages.Capture(state)), cancellationToken);
        unstored = changes;
        await pages.StoreAsync(changes, cancellationToken);
        tree.Add(changes);
        unstored = null;

        var head = await HeadOfAsync(draft.Sequence, cancellationToken);
        var named = await pages.NameAsync(cancellationToken);
        var body = draft with
        {
            JournalHead = head,
            Nonce = Nonce.FromHash(Convert.FromHexString(head)),
            PendingJobs = named.Pending,
            ClaimedJobs = named.Claimed,
            ActiveMiners = named.Miners,
        };
        var signed = await SnapshotCodec.SignAsync(body, signer, cancellationToken);
        var cid = await transport.Content.PutAsync(signed.Bytes, cancellationToken);
        await lease.SureAsync(cancellationToken); // The pointer is one for all daemons of the pool: it must not go back to an older state.
        await transport.Content.PointAsync(Topics.StatePointer(pool), cid, cancellationToken);
        await publisher.PublishAsync(signed, cancellationToken);
        tree.Add(new PublishedState(body, cid, [.. pages.Stored, .. named.Pending, .. named.Claimed, .. named.Miners]));
        publishedSequence = draft.Sequence;
        publishedAt = time.GetTimestamp();
        observer.StatePublished(body, cid);
    }

    private async ValueTask<string> HeadOfAsync(long sequence, CancellationToken cancellationToken)
    {
        await foreach (var record in journal.ReadAsync(sequence, cancellationToken))
        {
            return Convert.ToHexStringLower(record.Hash.Span);
        }

        throw new InvalidOperationException($"The journal {journal.Location} holds no record {sequence}, which the state has.");
    }

    private PoolStateSnapshot Draft(PoolState state)
    {
        var heartbeat = MinerPresence.HeartbeatSeconds(state.Miners.Count);
        return new PoolStateSnapshot
        {
            Pool = pool,
            Network = network,
            Delegation = delegation,
            Timestamp = Math.Max(state.At, time.GetUtcNow().ToUnixTimeMilliseconds()) / 1000,
            Nonce = "",
            Term = state.Term,
            Sequence = state.Sequence,
            JournalHead = "",
            Rules = state.Rules,
            TotalJobs = state.TotalJobs,
            TotalProofs = state.TotalProofs,
            TotalVolumeUsdc = Usdc.FromMicro(Math.Min(state.TotalVolume.Micro, Usdc.MaxMicro)),
            CurrentEpoch = state.Epochs.Open!.Id,
            EpochJobs = state.Epochs.Open.Jobs,
            EpochVolume = state.Epochs.Open.Volume,
            LastEpochSeal = state.Epochs.Open.StartedAt,
            LastEpoch = state.Epochs.LastSealed.IsEmpty ? null : state.Epochs.LastSealed,
            PendingJobs = [],
            PendingCount = state.Jobs.PendingCount,
            ClaimedJobs = [],
            ClaimedCount = state.Jobs.ClaimedCount,
            ActiveMiners = [],
            MinerCount = state.Miners.Count,
            OnlineMiners = presence.CountOnline(heartbeat, name => state.Miners.TryGet(name, out _)),
            HeartbeatSeconds = heartbeat,
            ClaimTimeoutSeconds = (int)(state.Settings!.ClaimTimeoutMs / 1000),
        };
    }
}
