using SwarmPool.Transport;

namespace SwarmPool.Hostile.Tests.Ingress;

/// <summary>A transport whose content is not what was asked for, comes never, or ends never; all else is passed on.</summary>
internal sealed class HostileTransport(ITransport inner) : ITransport, IContentStore
{
    /// <summary>Nobody has it; the network looks as long as it is let.</summary>
    public static readonly Cid Missing = Messages.AnyCid("missing");

    /// <summary>It never ends, and whoever reads it can't be told to stop.</summary>
    public static readonly Cid Endless = Messages.AnyCid("endless");

    /// <summary>Other bytes come than its CID says.</summary>
    public static readonly Cid Forged = Messages.AnyCid("forged");

    /// <summary>More bytes come than were asked for.</summary>
    public static readonly Cid Huge = Messages.AnyCid("huge");

    /// <summary>The store says that it is too large.</summary>
    public static readonly Cid TooLarge = Messages.AnyCid("too large");

    /// <summary>The store is down.</summary>
    public static readonly Cid Down = Messages.AnyCid("down");

    public IContentStore Content => this;

    public IPubSub PubSub => inner.PubSub;

    public int MaxContentBytes => inner.Content.MaxContentBytes;

    public ValueTask StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.Content.PutAsync(content, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        if (cid == Missing)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        else if (cid == Endless)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
        else if (cid == Forged)
        {
            return "other bytes"u8.ToArray();
        }
        else if (cid == Huge)
        {
            return new byte[maxBytes + 1];
        }
        else if (cid == TooLarge)
        {
            throw new TransportException(TransportFault.TooLarge, $"The content {cid} has more than {maxBytes} bytes.");
        }
        else if (cid == Down)
        {
            throw new TransportException(TransportFault.Unavailable, "The store is down.");
        }

        return await inner.Content.GetAsync(cid, maxBytes, cancellationToken);
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
