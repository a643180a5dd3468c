using SwarmPool.Inference;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Miner;

/// <summary>What a miner works with.</summary>
/// <param name="Role">What every role works with.</param>
/// <param name="Backend">Runs the models.</param>
/// <param name="Observer">Is told how the miner fares.</param>
/// <param name="Clock">What time it is for the pool, as the miner goes by it.</param>
/// <param name="Packs">Where the models are, packs among them; null where packs are not used.</param>
internal sealed record MinerDependencies(RoleDependencies Role, IInferenceBackend Backend, IMinerObserver Observer, PoolClock Clock, ModelFolder? Packs = null)
{
    /// <summary>Where finished work is kept until the pool has seen it; null: in memory alone.</summary>
    public string? WorkFolder { get; init; }
}
