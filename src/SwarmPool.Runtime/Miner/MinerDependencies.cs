using SwarmPool.Inference;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Miner;

/// <summary>What a miner works with.</summary>
/// <param name="Role">What every role works with.</param>
/// <param name="Backend">Runs the models.</param>
/// <param name="Observer">Is told how the miner fares.</param>
/// <param name="Clock">What time it is for the pool, as the miner goes by it.</param>
internal sealed record MinerDependencies(RoleDependencies Role, IInferenceBackend Backend, IMinerObserver Observer, PoolClock Clock);
