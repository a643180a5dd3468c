namespace SwarmPool.Transport;

/// <summary>The transport slot: content by CID, and publish/subscribe by topic.</summary>
/// <remarks>All members are thread-safe. The host starts it (<see cref="StartAsync"/>) before any role and disposes it last.</remarks>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Content, addressed by its hash.</summary>
    IContentStore Content { get; }

    /// <summary>Messages, by topic.</summary>
    IPubSub PubSub { get; }

    /// <summary>Where the pool can be looked at as files; null, the default, where the transport has no such place.</summary>
    IPublicTree? PublicTree => null;

    /// <summary>How a pool is found by its name alone; null, the default, where the transport has no such way.</summary>
    IPeerDiscovery? Rendezvous => null;

    /// <summary>What the transport goes by (a broker, a server, a node), and whether it is reached; null, the default, where there is nothing to reach, or it can't be told.</summary>
    TransportLink? Link => null;

    /// <summary>Connects. Completes when messages can be published and subscriptions made; throws <see cref="TransportException"/> when that can't be; it may be called again then.</summary>
    ValueTask StartAsync(CancellationToken cancellationToken);
}
