using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A transport whose contents are on another's node, which is gone as soon as a test says so: from then on they are looked for for ever.</summary>
internal sealed class GoneNodeTransport(ITransport inner) : ITransport, IContentStore, IPubSub
{
    private readonly ConcurrentQueue<Cid> sought = [];
    private readonly ConcurrentQueue<Cid> heard = [];
    private volatile bool isGone;

    /// <summary>What was asked for since the node has gone.</summary>
    public IReadOnlyCollection<Cid> Sought => sought;

    /// <summary>The states that whoever listens has taken in: it has asked for the next message.</summary>
    public IReadOnlyCollection<Cid> Heard => heard;

    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxContentBytes => inner.Content.MaxContentBytes;

    public int MaxMessageBytes => inner.PubSub.MaxMessageBytes;

    public void Leave() => isGone = true;

    public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.Content.PutAsync(content, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        if (isGone)
        {
            sought.Enqueue(cid);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return await inner.Content.GetAsync(cid, maxBytes, cancellationToken);
    }

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => inner.Content.PinAsync(cid, cancellationToken);

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => inner.Content.UnpinAsync(cid, cancellationToken);

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.Content.PointAsync(pointer, cid, cancellationToken);

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.Content.ResolveAsync(pointer, cancellationToken);

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => inner.PubSub.PublishAsync(topic, payload, cancellationToken);

    public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        var subscription = await inner.PubSub.SubscribeAsync(topic, cancellationToken);
        return topic == Topics.Of(Messages.Pool, Topics.State) ? new Told(subscription, heard) : subscription;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Told(ISubscription inner, ConcurrentQueue<Cid> heard) : ISubscription
    {
        public string Topic => inner.Topic;

        public long Dropped => inner.Dropped;

        public async IAsyncEnumerable<PubSubMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var message in inner.ReadAllAsync(cancellationToken))
            {
                yield return message;
                heard.Enqueue(ContentAddress.Of(message.Payload.Span));
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
