using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.InlineContents;
using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>Publish and subscribe over a node's pubsub.</summary>
internal sealed class IpfsPubSub : IPubSub, IAsyncDisposable
{
    private const int MaxConcurrentPublishes = 64; // Whoever publishes faster waits.
    private const int HeldMessages = 2048;

    private readonly PubSubCalls calls;
    private readonly InlineContent inlineContent;
    private readonly TopicMultiplexer topics;
    private readonly SemaphoreSlim publishes = new(MaxConcurrentPublishes);

    public IpfsPubSub(PubSubCalls calls, InlineContent inlineContent, PeerConnector peers, TransportLink link, TimeProvider time, ILogger logger)
    {
        var node = new NodeLink(link);
        this.calls = calls;
        this.inlineContent = inlineContent;
        topics = new TopicMultiplexer($"the IPFS node at {calls.Node}", HeldMessages, topic => new IpfsTopicFeed(topic, calls, inlineContent, Deliver, peers.Wake, node, link.StartPatience, time, logger));
    }

    public int MaxMessageBytes => PubSubRules.MessageBytes;

    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        PubSubRules.CheckMessage(topic, payload.Length);
        topics.ThrowIfDisposed();
        await publishes.WaitAsync(cancellationToken);
        try
        {
            await calls.PublishAsync(topic, inlineContent.Seal(payload), cancellationToken);
        }
        finally
        {
            publishes.Release();
        }
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) => topics.SubscribeAsync(topic, cancellationToken);

    public ValueTask DisposeAsync() => topics.DisposeAsync();

    private void Deliver(string topic, ReadOnlyMemory<byte> message, string peer) => topics.Deliver(topic, message.Span, peer);
}
