using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>A model that the pool takes: what jobs call it, and the pack that is meant.</summary>
internal sealed record PoolModel(string Alias, Cid PackCid)
{
    /// <summary>What a proof of a run of it may name as <c>model_sha256</c>, by the pack's manifest; null, and not written, where that is not known: then anything.</summary>
    public IReadOnlyList<string>? ModelSha256 { get; init; }
}
