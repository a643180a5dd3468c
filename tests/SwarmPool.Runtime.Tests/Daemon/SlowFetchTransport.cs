using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A transport that looks for ever for what nobody has, as a peer-to-peer network does.</summary>
internal sealed class SlowFetchTransport(ITransport inner) : ITransport, IContentStore
{
    public static readonly Cid Missing = Messages.AnyCid("nobody has this");

    public IContentStore Content => this;

    public IPubSub PubSub => inner.PubSub;

    public int MaxContentBytes => inner.Content.MaxContentBytes;

    public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.Content.PutAsync(content, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.Content.GetAsync(cid, maxBytes, cancellationToken);
        }
        catch (TransportException e) when (e.Fault == TransportFault.NotFound)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw;
        }
    }

    public async ValueTask PinAsync(Cid cid, CancellationToken cancellationToken)
    {
        await GetAsync(cid, MaxContentBytes, cancellationToken);
        await inner.Content.PinAsync(cid, cancellationToken);
    }

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => inner.Content.UnpinAsync(cid, cancellationToken);

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.Content.PointAsync(pointer, cid, cancellationToken);

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.Content.ResolveAsync(pointer, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
