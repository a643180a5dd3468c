using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Lets messages in: each topic has its own bounded queue, fair among peers, and workers. Pointers to larger snapshots, and messages by a
/// delegation that has to be fetched, have queues of their own, so that content which can't be had delays nobody else.
/// </summary>
internal sealed class IngressPipeline(
    IPubSub pubsub, ContentReader content, Identity.EnsName pool, IngressRules rules, MessageHandler handler, IngressCounters counters, IDaemonObserver observer,
    TimeSpan fetchPatience, TimeProvider time, ILogger<IngressPipeline> logger)
{
    private const int QueueBytes = 4 * 1024 * 1024; // about 5,000 messages of the usual size

    // How many messages of a topic are looked at side by side. Each waits for two turns of the sequencer, and a turn for
    // the disk: with 16 the jobs waited for one another while the cores were idle (benchmarks/results).
    private static readonly (string Topic, int Workers)[] Desks =
    [
        (Topics.Jobs, 64), (Topics.Claims, 64), (Topics.Proofs, 64), (Topics.Miners, 8), (Topics.Heartbeats, 8), (Topics.Revocations, 4),
    ];

    private FairQueue unread = null!; // set when it starts
    private readonly RateLimit<string> shown = new(perSecond: 5, time); // ten at once

    /// <summary>Subscribes; the returned tasks run until cancelled. <paramref name="checks"/> is where signatures are checked.</summary>
    public async ValueTask<IReadOnlyList<Task>> StartAsync(TaskScheduler checks, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        var pointers = NewQueue();
        unread = NewQueue();
        foreach (var (topic, workers) in Desks)
        {
            var subscription = await pubsub.SubscribeAsync(Topics.Of(pool, topic), cancellationToken);
            var queue = NewQueue();
            running.Add(ReceiveAsync(subscription, topic, queue, pointers, cancellationToken));
            running.AddRange(Start(workers, () => WorkAsync(queue, cancellationToken), checks));
        }

        running.AddRange(Start(32, () => FollowAsync(pointers, cancellationToken), checks));
        running.AddRange(Start(16, () => WorkAsync(unread, cancellationToken), checks));
        return running; // Each for itself: one that fails must be seen at once, not when all have ended.
    }

    private FairQueue NewQueue() => new(QueueBytes, NoRoom, counters);

    private static IEnumerable<Task> Start(int count, Func<Task> work, TaskScheduler scheduler) => Enumerable.Range(0, count).Select(
        _ => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap());

    private async Task ReceiveAsync(
        ISubscription subscription, string topic, FairQueue queue, FairQueue pointers, CancellationToken cancellationToken)
    {
        await using (subscription)
        {
            await foreach (var message in subscription.ReadAllAsync(cancellationToken))
            {
                counters.Receive();
                var item = new IngressMessage(topic, message.Payload, message.Peer);
                var target = SnapshotPointer.TryRead(message.Payload.Span, out _) ? pointers : queue;
                target.Add(item);
            }
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            throw new SwarmPoolException(
                ErrorCodes.TransportUnavailable, $"The transport ended the subscription to {topic}: the daemon would be deaf. Start it again.");
        }
    }

    private async Task WorkAsync(FairQueue queue, CancellationToken cancellationToken)
    {
        await foreach (var item in queue.ReadAllAsync(cancellationToken))
        {
            await GuardAsync(item, () => LetInAsync(item, cancellationToken), cancellationToken);
        }
    }

    private async Task FollowAsync(FairQueue pointers, CancellationToken cancellationToken)
    {
        await foreach (var item in pointers.ReadAllAsync(cancellationToken))
        {
            await GuardAsync(item, () => FollowAsync(item, cancellationToken), cancellationToken);
        }
    }

    private async ValueTask FollowAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        // Charged before anything is fetched, and once more as the message that comes of it.
        if (await rules.CheckPeerAsync(item, cancellationToken) is { } tooMany)
        {
            Drop(item, tooMany);
            return;
        }

        SnapshotPointer.TryRead(item.Payload.Span, out var cid);
        var (bytes, refusal) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, fetchPatience, cancellationToken);
        if (refusal is not null)
        {
            Drop(item, refusal);
            return;
        }

        item.Payload = bytes;
        await LetInAsync(item, cancellationToken);
    }

    private async ValueTask LetInAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        var (refusal, answerable) = await rules.CheckAsync(item, cancellationToken);
        if (refusal is null)
        {
            await handler.HandleAsync(item, cancellationToken);
            return;
        }

        if (item is { NeedsDelegation: true, MayFetch: false })
        {
            item.MayFetch = true;
            unread.Add(item);
        }
        else if (answerable)
        {
            counters.Refuse(refusal.Code);
            handler.Answer(item, refusal);
        }
        else
        {
            Drop(item, refusal);
        }
    }

    private async ValueTask GuardAsync(IngressMessage item, Func<ValueTask> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !handler.IsOver)
        {
            // One message must not end the desk: its sender repeats it. What ends the daemon is the sequencer's own failure.
            DaemonLog.HandlingFailed(logger, e, item.Snapshot?.Body.Type ?? item.Topic, e.Message);
        }
    }

    private void NoRoom(IngressMessage item) => Drop(
        item, new Refusal(ErrorCodes.QueueFull, $"The queue of {item.Topic} is full; the message is dropped, its sender will repeat it."));

    private void Drop(IngressMessage item, Refusal refusal)
    {
        counters.Refuse(refusal.Code);
        DaemonLog.Dropped(logger, item.Topic, refusal.ToString());
        if (shown.TryTake(refusal.Code))
        {
            observer.Dropped(item.Topic, refusal.Code, refusal.Reason);
        }
    }
}
