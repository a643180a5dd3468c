using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>A model that the pool takes: what jobs call it, and the pack that is meant.</summary>
internal sealed record PoolModel(string Alias, Cid PackCid);
