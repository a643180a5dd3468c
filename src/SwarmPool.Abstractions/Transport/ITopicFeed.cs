namespace SwarmPool.Transport;

/// <summary>A topic's one subscription at a node, broker or server, which all local subscribers of the topic share.</summary>
/// <remarks>
/// Made for the first subscriber and disposed, once, after the last has left. The next feed of the same topic is made only when
/// that disposal has ended. A subscription may be disposed while its <see cref="ListenAsync"/> still waits.
/// </remarks>
public interface ITopicFeed : IAsyncDisposable
{
    /// <summary>
    /// Completes when messages published from then on will arrive. Called for each local subscriber, also side by side, and again
    /// when it failed for the one before.
    /// </summary>
    /// <param name="cancellationToken">This subscriber gives up waiting; others may still wait.</param>
    /// <exception cref="TransportException">The topic can't be subscribed to now.</exception>
    Task ListenAsync(CancellationToken cancellationToken);
}
