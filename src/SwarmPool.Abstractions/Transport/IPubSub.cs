namespace SwarmPool.Transport;

/// <summary>Publish and subscribe by topic.</summary>
/// <remarks>
/// Thread-safe. Delivery may lose, duplicate and reorder: the protocol repeats itself. A subscription survives a
/// reconnect. Whether a party hears its own messages is not promised either way.
/// </remarks>
public interface IPubSub
{
    /// <summary>The most bytes one message may have; at least 64 KiB.</summary>
    int MaxMessageBytes { get; }

    /// <summary>Publishes. Completes when the message has left; that says nothing about who heard it.</summary>
    /// <param name="topic">A topic such as "/swarmpool.eth/claims/accepted".</param>
    /// <param name="payload">The message; may be used until the call completes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TransportException">Too large, or not connected now.</exception>
    ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Subscribes to exactly this topic (no wildcards). Completes when messages published from then on will arrive.</summary>
    ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken);
}

/// <summary>One subscription; disposing it ends <see cref="ReadAllAsync"/>.</summary>
/// <remarks>One reader. At least 1,024 messages, or the newest 16 MiB of them, are held for a slow reader; beyond that the oldest are dropped and counted.</remarks>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>How many messages were dropped because the reader was too slow.</summary>
    long Dropped { get; }

    /// <summary>The messages as they come, until the subscription is disposed or the token cancelled (which throws).</summary>
    IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken);
}

/// <summary>A message that came over a topic: bytes from outside, hostile until checked.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The bytes; they belong to the receiver.</param>
/// <param name="Peer">Who handed it to us, in the transport's own terms; empty when the transport can't tell.</param>
public sealed record PubSubMessage(string Topic, ReadOnlyMemory<byte> Payload, string Peer);
