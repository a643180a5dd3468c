using SwarmPool.Transport;

namespace Company.Plugin1;

/// <summary>One party's end of the network.</summary>
internal sealed class LocalTransport(LocalNetwork network) : ITransport, IContentStore, IPubSub
{
    private const int HeldMessages = 4096; // For a slow reader; the oldest are dropped first.

    private readonly SubscriptionTable own = new();
    private string? self;

    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxContentBytes => 16 * 1024 * 1024;

    public int MaxMessageBytes => 256 * 1024;

    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        self = network.Join();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        self = null;
        foreach (var subscription in own.Subscriptions)
        {
            await subscription.DisposeAsync();
        }
    }

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckSize("A message", payload.Length, MaxMessageBytes);

        // Each subscriber gets its own copy of the bytes: the publisher may use its buffer again.
        network.Subscriptions.Deliver(topic, payload.Span, Joined());
        return ValueTask.CompletedTask;
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Joined();
        var subscription = new SubscriptionQueue(topic, HeldMessages, one =>
        {
            network.Subscriptions.Remove(one);
            own.Remove(one);
            return ValueTask.CompletedTask;
        });
        own.Add(subscription);
        network.Subscriptions.Add(subscription);
        return new(subscription);
    }

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        CheckSize("A content", content.Length, MaxContentBytes);
        var cid = ContentAddress.Of(content.Span);
        network.Contents[cid] = content.ToArray();
        return new(cid);
    }

    public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        if (!network.Contents.TryGetValue(cid, out var content))
        {
            throw new TransportException(TransportFault.NotFound, $"Nobody on this network has {cid}.");
        }

        CheckSize(cid.ToString(), content.Length, maxBytes);
        return new(content.ToArray());
    }

    // This store keeps everything, so there is nothing to be kept from being collected.
    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        network.Pointers[pointer] = cid;
        return ValueTask.CompletedTask;
    }

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) =>
        new(network.Pointers.TryGetValue(pointer, out var cid) ? cid : null);

    private string Joined() => self ?? throw new TransportException(TransportFault.Unavailable, "This party is not on the network: not started, or disposed.");

    private static void CheckSize(string what, int bytes, int most)
    {
        if (bytes > most)
        {
            throw new TransportException(TransportFault.TooLarge, $"{what} of {bytes} bytes is too large: at most {most}.");
        }
    }
}
