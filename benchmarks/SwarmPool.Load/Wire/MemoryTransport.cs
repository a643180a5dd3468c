using SwarmPool.Transport;

namespace SwarmPool.Load.Wire;

/// <summary>The daemon's end of a <see cref="MemoryNet"/>.</summary>
internal sealed class MemoryTransport(MemoryNet net) : ITransport, IContentStore, IPubSub
{
    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxContentBytes => 16 * 1024 * 1024;

    public int MaxMessageBytes => 64 * 1024;

    public ValueTask StartAsync(CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        net.Say(payload);
        return default;
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) => new(net.Subscribe(topic));

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => new(net.Put(content));

    public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken) => net.Get(cid) is { } bytes
        ? new(bytes)
        : throw new TransportException(TransportFault.NotFound, $"The net in memory has no content {cid}.");

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => default;

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => default;

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        net.Point(pointer, cid);
        return default;
    }

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => new(net.Resolve(pointer));
}
