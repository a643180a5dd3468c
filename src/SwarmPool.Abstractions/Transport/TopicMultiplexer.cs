using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Transport;

/// <summary>
/// Shares one feed a topic among any number of local subscribers: opens it for the first, hands each message to all, and closes
/// it after the last.
/// </summary>
/// <remarks>Thread-safe; delivering takes no lock and waits for nobody.</remarks>
public sealed class TopicMultiplexer : IAsyncDisposable
{
    private readonly string upstream;
    private readonly int held;
    private readonly Func<string, ITopicFeed> open;
    private readonly Lock gate = new();
    private readonly SubscriptionTable table = new();
    private readonly Dictionary<string, ITopicFeed> feeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> closing = new(StringComparer.Ordinal);
    private volatile bool disposed;

    /// <summary>Makes a multiplexer.</summary>
    /// <param name="upstream">Where the feeds come from, for messages: "the MQTT broker 127.0.0.1:18830". It must not hold a secret.</param>
    /// <param name="held">How many messages are held for a slow subscriber, <see cref="SubscriptionQueue.LeastHeld"/> or more.</param>
    /// <param name="open">Makes the feed of a topic; called under a lock, so it must not wait. What the feed receives it hands to <see cref="Deliver"/>.</param>
    public TopicMultiplexer(string upstream, int held, Func<string, ITopicFeed> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(upstream);
        ArgumentOutOfRangeException.ThrowIfLessThan(held, SubscriptionQueue.LeastHeld);
        ArgumentNullException.ThrowIfNull(open);
        this.upstream = upstream;
        this.held = held;
        this.open = open;
    }

    /// <summary>The topics that somebody subscribes to, as they are now.</summary>
    public IReadOnlyCollection<string> Topics => table.Topics;

    /// <summary>Subscribes to a topic. Completes when messages published from then on will arrive.</summary>
    /// <param name="topic">The topic, as <see cref="PubSubRules.CheckTopic"/> wants it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">This is not a topic.</exception>
    /// <exception cref="TransportException">The multiplexer is disposed, or its feed can't be opened now.</exception>
    public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        var subscription = new SubscriptionQueue(topic, held, LeaveAsync);
        ITopicFeed? feed;
        while (!TryJoin(subscription, out feed, out var closed))
        {
            await closed.WaitAsync(cancellationToken);
        }

        try
        {
            await feed.ListenAsync(cancellationToken);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hands a copy of a message to each subscriber of its topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="payload">The message.</param>
    /// <param name="peer">Who handed it to us, in the transport's own terms; empty when it can't tell.</param>
    public void Deliver(string topic, ReadOnlySpan<byte> payload, string peer) => table.Deliver(topic, payload, peer);

    /// <summary>Refuses what comes after the disposal, for publishing too.</summary>
    /// <exception cref="TransportException"><see cref="TransportFault.Unavailable"/>: the multiplexer is disposed.</exception>
    public void ThrowIfDisposed()
    {
        if (disposed)
        {
            throw new TransportException(TransportFault.Unavailable, $"This party has left {upstream}.");
        }
    }

    /// <summary>Ends all subscriptions. Completes when their feeds are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            disposed = true;
        }

        foreach (var subscription in table.Subscriptions)
        {
            await subscription.DisposeAsync();
        }

        Task[] others;
        lock (gate)
        {
            others = [.. closing.Values];
        }

        await Task.WhenAll(others);
    }

    // False while the topic's last feed is being closed: what that ends at the other side must not be what the next one began.
    private bool TryJoin(SubscriptionQueue subscription, [NotNullWhen(true)] out ITopicFeed? feed, [NotNullWhen(false)] out Task? closed)
    {
        lock (gate)
        {
            ThrowIfDisposed();
            feed = null;
            if (closing.TryGetValue(subscription.Topic, out closed))
            {
                return false;
            }

            // Before the feed is opened: it may deliver from its first moment on.
            table.Add(subscription);
            if (!feeds.TryGetValue(subscription.Topic, out feed))
            {
                feeds.Add(subscription.Topic, feed = Open(subscription));
            }

            return true;
        }
    }

    private ITopicFeed Open(SubscriptionQueue subscription)
    {
        try
        {
            return open(subscription.Topic);
        }
        catch
        {
            table.Remove(subscription);
            throw;
        }
    }

    private async ValueTask LeaveAsync(SubscriptionQueue subscription)
    {
        ITopicFeed? feed;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (table.Remove(subscription) > 0 || !feeds.Remove(subscription.Topic, out feed))
            {
                return;
            }

            closing.Add(subscription.Topic, closed.Task);
        }

        try
        {
            await feed.DisposeAsync();
        }
        finally
        {
            lock (gate)
            {
                closing.Remove(subscription.Topic);
            }

            closed.SetResult();
        }
    }
}
