using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Lets messages in: each topic has its own bounded queue, fair among peers, and workers. So has each rule that fetches: a message that
/// has to wait for content (what a pointer names, or a delegation) goes on from that rule, and delays no message that needs none.
/// </summary>
internal sealed class IngressPipeline(
    IPubSub pubsub, Identity.EnsName pool, IngressRules rules, MessageHandler handler, IngressCounters counters, IDaemonObserver observer,
    TimeProvider time, ILogger<IngressPipeline> logger)
{
    private const int QueueBytes = 4 * 1024 * 1024; // about 5,000 messages of the usual size

    // How many messages of a topic are checked side by side. Each waits for two turns of the sequencer, and a turn for
    // the disk: with 16 the jobs waited for one another while the cores were idle (benchmarks/results).
    private static readonly (string Topic, int Workers)[] Inbound =
    [
        (Topics.Jobs, 64), (Topics.Claims, 64), (Topics.Proofs, 64), (Topics.Miners, 8), (Topics.Heartbeats, 8), (Topics.Revocations, 4),
    ];

    private readonly Dictionary<IFetchingRule, FairQueue> waiting = [];
    private readonly RateLimit<string> shown = new(perSecond: 5, time); // ten at once

    /// <summary>Subscribes; the returned tasks run until cancelled. <paramref name="checks"/> is where signatures are checked.</summary>
    public async ValueTask<IReadOnlyList<Task>> StartAsync(TaskScheduler checks, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        foreach (var rule in rules.Fetching)
        {
            waiting.Add(rule, NewQueue());
        }

        foreach (var (topic, workers) in Inbound)
        {
            var subscription = await pubsub.SubscribeAsync(Topics.Of(pool, topic), cancellationToken);
            var queue = NewQueue();
            running.Add(ReceiveAsync(subscription, topic, queue, cancellationToken));
            running.AddRange(Start(workers, () => WorkAsync(queue, mayFetch: false, cancellationToken), checks));
        }

        foreach (var (rule, queue) in waiting)
        {
            running.AddRange(Start(rule.Workers, () => WorkAsync(queue, mayFetch: true, cancellationToken), checks));
        }

        return running; // Each for itself: one that fails must be seen at once, not when all have ended.
    }

    private FairQueue NewQueue() => new(QueueBytes, NoRoom, counters);

    private static IEnumerable<Task> Start(int count, Func<Task> work, TaskScheduler scheduler) => Enumerable.Range(0, count).Select(
        _ => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap());

    private async Task ReceiveAsync(ISubscription subscription, string topic, FairQueue queue, CancellationToken cancellationToken)
    {
        await using (subscription)
        {
            await foreach (var message in subscription.ReadAllAsync(cancellationToken))
            {
                counters.Receive();
                queue.Add(new IngressMessage(topic, message.Payload, message.Peer));
            }
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            throw new SwarmPoolException(
                ErrorCodes.TransportUnavailable, $"The transport ended the subscription to {topic}: the daemon would receive nothing more on it. Start it again.");
        }
    }

    private async Task WorkAsync(FairQueue queue, bool mayFetch, CancellationToken cancellationToken)
    {
        await foreach (var message in queue.ReadAllAsync(cancellationToken))
        {
            try
            {
                await LetInAsync(message, mayFetch, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && !handler.IsOver)
            {
                // One message must not end the worker: its sender repeats it. What ends the daemon is the sequencer's own failure.
                DaemonLog.HandlingFailed(logger, e, message.Snapshot?.Body.Type ?? message.Topic, e.Message);
            }
        }
    }

    private async ValueTask LetInAsync(IngressMessage message, bool mayFetch, CancellationToken cancellationToken)
    {
        var (refusal, answerable, rule) = await rules.CheckAsync(message, mayFetch, cancellationToken);
        if (rule is not null)
        {
            waiting[rule].Add(message);
        }
        else if (refusal is null)
        {
            await handler.HandleAsync(message, cancellationToken);
        }
        else if (answerable)
        {
            counters.Refuse(refusal.Code);
            handler.Answer(message, refusal);
        }
        else
        {
            Drop(message, refusal);
        }
    }

    private void NoRoom(IngressMessage message) => Drop(
        message, new Refusal(ErrorCodes.QueueFull, $"The queue of {message.Topic} is full; the message is dropped, its sender will repeat it."));

    private void Drop(IngressMessage message, Refusal refusal)
    {
        counters.Refuse(refusal.Code);
        DaemonLog.Dropped(logger, message.Topic, refusal.ToString());
        if (shown.TryTake(refusal.Code))
        {
            observer.Dropped(message.Topic, refusal.Code, refusal.Reason);
        }
    }
}
