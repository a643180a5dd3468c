using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A transport that remembers what it was asked for, and fails as a test says.</summary>
internal sealed class WatchedTransport(ITransport inner) : ITransport, IPubSub, IContentStore
{
    private readonly CancellationTokenSource ended = new();

    /// <summary>Publishing fails while this is set.</summary>
    public volatile bool IsDown;

    /// <summary>Content is not given before this completes.</summary>
    public Func<Cid, Task> Gate { get; set; } = static _ => Task.CompletedTask;

    public ConcurrentQueue<(string Topic, byte[] Payload)> Asked { get; } = new();

    public ConcurrentQueue<byte[]> Stored { get; } = new();

    public ConcurrentQueue<Cid> Pinned { get; } = new();

    /// <summary>What whoever subscribed has taken in: it has asked for the next message.</summary>
    public ConcurrentQueue<byte[]> TakenIn { get; } = new();

    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxMessageBytes => inner.PubSub.MaxMessageBytes;

    public int MaxContentBytes => inner.Content.MaxContentBytes;

    /// <summary>Ends all subscriptions, as a transport that gave up does.</summary>
    public void EndSubscriptions() => ended.Cancel();

    public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Asked.Enqueue((topic, payload.ToArray()));
        if (IsDown)
        {
            throw new TransportException(TransportFault.Unavailable, "the network is down");
        }

        await inner.PubSub.PublishAsync(topic, payload, cancellationToken);
    }

    public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) =>
        new EndingSubscription(await inner.PubSub.SubscribeAsync(topic, cancellationToken), TakenIn, ended.Token);

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Stored.Enqueue(content.ToArray());
        return inner.Content.PutAsync(content, cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        await Gate(cid).WaitAsync(cancellationToken);
        return await inner.Content.GetAsync(cid, maxBytes, cancellationToken);
    }

    public async ValueTask PinAsync(Cid cid, CancellationToken cancellationToken)
    {
        await inner.Content.PinAsync(cid, cancellationToken);
        Pinned.Enqueue(cid);
    }

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => inner.Content.UnpinAsync(cid, cancellationToken);

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.Content.PointAsync(pointer, cid, cancellationToken);

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.Content.ResolveAsync(pointer, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        ended.Dispose();
    }

    private sealed class EndingSubscription(ISubscription inner, ConcurrentQueue<byte[]> takenIn, CancellationToken ended) : ISubscription
    {
        public string Topic => inner.Topic;

        public long Dropped => inner.Dropped;

        public async IAsyncEnumerable<PubSubMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended);
            await using var messages = inner.ReadAllAsync(both.Token).GetAsyncEnumerator(both.Token);
            while (true)
            {
                try
                {
                    if (!await messages.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    yield break;
                }

                yield return messages.Current;
                takenIn.Enqueue(messages.Current.Payload.ToArray());
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
