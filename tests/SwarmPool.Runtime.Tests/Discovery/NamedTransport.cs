using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Discovery;

/// <summary>A transport whose peers are met by name: whoever has not met one hears no pointer's answer.</summary>
internal sealed class NamedTransport(MemoryNet net) : ITransport, IContentStore, IPeerDiscovery
{
    private readonly MemoryTransport inner = net.Join();

    /// <summary>What a location leads to.</summary>
    public Dictionary<string, Cid> Locations { get; } = new(StringComparer.Ordinal);

    /// <summary>Each call's peers.</summary>
    public List<IReadOnlyList<string>> Met { get; } = [];

    /// <summary>Whether peers and locations answer at all.</summary>
    public bool Hangs { get; set; }

    public IContentStore Content => this;

    public IPubSub PubSub => inner;

    public IPeerDiscovery? Rendezvous => this;

    public int MaxContentBytes => inner.MaxContentBytes;

    public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public async ValueTask<IReadOnlyList<string>> ConnectAsync(IReadOnlyList<string> peers, CancellationToken cancellationToken)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        }

        Met.Add(peers);
        return [.. peers.Where(static peer => !peer.StartsWith("peer:", StringComparison.Ordinal)).Select(static peer => $"'{peer}' is no peer")];
    }

    public async ValueTask<Cid?> LocateAsync(string location, CancellationToken cancellationToken)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        }

        return Locations.TryGetValue(location, out var cid) ? cid : throw new TransportException(TransportFault.NotFound, "it leads nowhere");
    }

    public ValueTask<LocationComparison> CompareAsync(string pool, PoolLocation named, CancellationToken cancellationToken)
    {
        var published = new PoolLocation("loc:here", ["peer:me"]);
        return new(new LocationComparison(published, named.Peers.Contains("peer:me") ? [] : [$"{pool} names others"]));
    }

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(content, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken) => inner.GetAsync(cid, maxBytes, cancellationToken);

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => default;

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => default;

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.PointAsync(pointer, cid, cancellationToken);

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.ResolveAsync(pointer, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
