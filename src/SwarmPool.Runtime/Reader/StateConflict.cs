namespace SwarmPool.Runtime.Reader;

/// <summary>
/// Evidence against a pool's operator: two states, both signed by the pool for the same journal position, that say different things.
/// </summary>
/// <param name="Term">The term that both name.</param>
/// <param name="Sequence">The journal position that both name.</param>
/// <param name="First">The canonical bytes of the state that was seen first, signature included.</param>
/// <param name="Second">The canonical bytes of the other.</param>
public sealed record StateConflict(long Term, long Sequence, ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second);
