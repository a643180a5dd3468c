using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Enclosures;
using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>Publish and subscribe over a node's pubsub.</summary>
internal sealed class IpfsPubSub(
    PubSubCalls calls, EnclosureDesk enclosures, PeerKeeper peers, TimeSpan connectPatience, TimeProvider time, ILogger logger) : IPubSub, IAsyncDisposable
{
    // So many are on their way to the node at once; who publishes faster waits.
    private const int SideBySide = 64;

    private const int HeldMessages = 2048;

    private readonly Lock gate = new();
    private readonly Dictionary<string, TopicFeed> feeds = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim room = new(SideBySide);
    private bool disposed;

    public int MaxMessageBytes => PubSubRules.MessageBytes;

    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        PubSubRules.CheckMessage(topic, payload.Length);
        if (disposed)
        {
            throw Left();
        }

        await room.WaitAsync(cancellationToken);
        try
        {
            await calls.PublishAsync(topic, enclosures.Seal(payload), cancellationToken);
        }
        finally
        {
            room.Release();
        }
    }

    public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        var subscription = new SubscriptionQueue(topic, HeldMessages, LeaveAsync);
        TopicFeed? feed;
        lock (gate)
        {
            if (disposed)
            {
                throw Left();
            }

            if (!feeds.TryGetValue(topic, out feed))
            {
                feeds.Add(topic, feed = new TopicFeed(topic, calls, enclosures, peers.Wake, time, logger));
            }

            feed.Add(subscription);
        }

        try
        {
            // Our node has told its neighbours before it answered, and tells them what we publish next after it: so the answer to
            // what is asked from now on will arrive.
            await feed.Listening.WaitAsync(connectPatience, time, cancellationToken);
            return subscription;
        }
        catch (TimeoutException late)
        {
            await subscription.DisposeAsync();
            throw new TransportException(
                TransportFault.Unavailable,
                $"The IPFS node at {calls.Node} did not take the subscription to {topic} within {connectPatience.TotalSeconds:0} s{(feed.LastFault is { } fault ? $": {fault.Message}" : ".")}",
                feed.LastFault ?? late);
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<TopicFeed> all;
        lock (gate)
        {
            disposed = true;
            all = [.. feeds.Values];
        }

        foreach (var listener in all.SelectMany(static feed => feed.Listeners))
        {
            await listener.DisposeAsync();
        }
    }

    private async ValueTask LeaveAsync(SubscriptionQueue subscription)
    {
        TopicFeed? over = null;
        lock (gate)
        {
            if (feeds.TryGetValue(subscription.Topic, out var feed) && feed.Remove(subscription))
            {
                feeds.Remove(subscription.Topic);
                over = feed;
            }
        }

        if (over is not null)
        {
            await over.DisposeAsync();
        }
    }

    private TransportException Left() => new(TransportFault.Unavailable, $"This party has left the IPFS node at {calls.Node}.");
}
