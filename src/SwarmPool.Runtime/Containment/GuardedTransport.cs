using SwarmPool.Transport;

namespace SwarmPool.Runtime.Containment;

/// <summary>A transport behind its gate: what goes wrong is a <see cref="TransportException"/>.</summary>
internal sealed class GuardedTransport(ITransport inner, PluginGate gate) : GuardedSlot(inner, gate), ITransport
{
    private GuardedContent? content;
    private GuardedPubSub? pubsub;
    private GuardedTree? tree;
    private GuardedPeerDiscovery? rendezvous;

    // Asked for when they are needed: a transport may have them only once it has started.
    public IContentStore Content => content ??= new GuardedContent(Gate.Call(nameof(Content), inner, static t => t.Content), Gate);

    public IPubSub PubSub => pubsub ??= new GuardedPubSub(Gate.Call(nameof(PubSub), inner, static t => t.PubSub), Gate);

    public IPublicTree? PublicTree => tree ??= Gate.Call(nameof(PublicTree), inner, static t => t.PublicTree) is { } own ? new GuardedTree(own, Gate) : null;

    public IPeerDiscovery? Rendezvous =>
        rendezvous ??= Gate.Call(nameof(Rendezvous), inner, static t => t.Rendezvous) is { } own ? new GuardedPeerDiscovery(own, Gate) : null;

    public TransportLink? Link => Gate.Call(nameof(Link), inner, static t => t.Link);

    public static bool IsContract(Exception thrown) => thrown is TransportException;

    public static Exception AsContract(string message, Exception? cause) => new TransportException(TransportFault.Unavailable, message, cause);

    public ValueTask StartAsync(CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(StartAsync), inner, static (t, stop) => t.StartAsync(stop), cancellationToken);

    private sealed class GuardedContent(IContentStore inner, PluginGate gate) : IContentStore
    {
        public int MaxContentBytes => gate.Call(nameof(MaxContentBytes), inner, static c => c.MaxContentBytes);

        public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(PutAsync), (inner, content), static (s, stop) => s.inner.PutAsync(s.content, stop), cancellationToken, PluginGate.LongLimit);

        // The caller's patience is the limit of a fetch.
        public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken) => gate.CallAsync(
            nameof(GetAsync), (inner, cid, maxBytes), static (s, stop) => s.inner.GetAsync(s.cid, s.maxBytes, stop), cancellationToken, Timeout.InfiniteTimeSpan);

        public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(PinAsync), (inner, cid), static (s, stop) => s.inner.PinAsync(s.cid, stop), cancellationToken, PluginGate.LongLimit);

        public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(UnpinAsync), (inner, cid), static (s, stop) => s.inner.UnpinAsync(s.cid, stop), cancellationToken);

        public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(PointAsync), (inner, pointer, cid), static (s, stop) => s.inner.PointAsync(s.pointer, s.cid, stop), cancellationToken);

        public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(ResolveAsync), (inner, pointer), static (s, stop) => s.inner.ResolveAsync(s.pointer, stop), cancellationToken);
    }

    private sealed class GuardedPubSub(IPubSub inner, PluginGate gate) : IPubSub
    {
        public int MaxMessageBytes => gate.Call(nameof(MaxMessageBytes), inner, static p => p.MaxMessageBytes);

        public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(PublishAsync), (inner, topic, payload), static (s, stop) => s.inner.PublishAsync(s.topic, s.payload, stop), cancellationToken);

        public async ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken) => new GuardedSubscription(
            await gate.CallAsync(nameof(SubscribeAsync), (inner, topic), static (s, stop) => s.inner.SubscribeAsync(s.topic, stop), cancellationToken), gate);
    }

    private sealed class GuardedSubscription(ISubscription inner, PluginGate gate) : ISubscription
    {
        public string Topic => inner.Topic;

        public long Dropped => gate.Call(nameof(Dropped), inner, static s => s.Dropped);

        public IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken) =>
            gate.ReadAsync(nameof(ReadAllAsync), inner, static (s, stop) => s.ReadAllAsync(stop), cancellationToken);

        public ValueTask DisposeAsync() => gate.EndAsync(nameof(DisposeAsync), inner);
    }

    private sealed class GuardedTree(IPublicTree inner, PluginGate gate) : IPublicTree
    {
        public int MaxFiles => gate.Call(nameof(MaxFiles), inner, static t => t.MaxFiles);

        public void Show(string pool, IReadOnlyCollection<PublicFile> files, bool isAll) => gate.Call(nameof(Show), (inner, pool, files, isAll), static s =>
        {
            s.inner.Show(s.pool, s.files, s.isAll);
            return true;
        });
    }

    private sealed class GuardedPeerDiscovery(IPeerDiscovery inner, PluginGate gate) : IPeerDiscovery
    {
        public ValueTask<IReadOnlyList<string>> ConnectAsync(IReadOnlyList<string> peers, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(ConnectAsync), (inner, peers), static (s, stop) => s.inner.ConnectAsync(s.peers, stop), cancellationToken);

        public ValueTask<Cid?> LocateAsync(string location, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(LocateAsync), (inner, location), static (s, stop) => s.inner.LocateAsync(s.location, stop), cancellationToken);

        public ValueTask<LocationComparison> CompareAsync(string pool, PoolLocation named, CancellationToken cancellationToken) =>
            gate.CallAsync(nameof(CompareAsync), (inner, pool, named), static (s, stop) => s.inner.CompareAsync(s.pool, s.named, stop), cancellationToken);
    }
}
