namespace SwarmPool.Transport;

/// <summary>Content by CID, and a few mutable pointers to content.</summary>
/// <remarks>
/// Thread-safe. What <see cref="GetAsync"/> returns has been checked against its CID by the plugin and is checked again
/// by the runtime. A memory that is handed in may be used until the call completes; one that is handed out belongs to the caller.
/// </remarks>
public interface IContentStore
{
    /// <summary>The most bytes one content may have here.</summary>
    int MaxContentBytes { get; }

    /// <summary>Stores content and says its CID (<see cref="ContentAddress.Of"/>). Storing the same bytes again is no error.</summary>
    /// <exception cref="TransportException">Too large, or the store can't take it now.</exception>
    ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Fetches content.</summary>
    /// <param name="cid">What to fetch.</param>
    /// <param name="maxBytes">The most bytes to take; more is refused while reading.</param>
    /// <param name="cancellationToken">The caller's patience: a fetch waits for content that may yet come only as long as this.</param>
    /// <exception cref="TransportException">Unavailable, larger than <paramref name="maxBytes"/>, or bytes that don't match the CID.</exception>
    ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Keeps content from being collected. Idempotent.</summary>
    ValueTask PinAsync(Cid cid, CancellationToken cancellationToken);

    /// <summary>Lets content be collected. Idempotent; content that was never pinned is no error.</summary>
    ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken);

    /// <summary>Points a name such as "swarmpool.eth/state" at content, for those who come later. Not trusted by readers: what it points to is signed.</summary>
    ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken);

    /// <summary>Where a pointer points; null when it was never set or can't be told.</summary>
    ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken);
}
