using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Reader;

/// <summary>A pool's newest state that was available; its signature has been checked.</summary>
/// <param name="State">The state.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="Conflict">Two contradicting states of the pool, when such were seen: evidence against its operator. Null otherwise.</param>
public sealed record PoolView(PoolStateSnapshot State, Cid Cid, StateConflict? Conflict);
