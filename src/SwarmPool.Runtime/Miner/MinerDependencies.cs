using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>What fills a miner's slots.</summary>
internal sealed record MinerDependencies(
    ITransport Transport,
    IIdentityProvider Names,
    IInferenceBackend Backend,
    ISigner Signer,
    ISignatureEngine Engine,
    IMinerObserver Observer,
    TimeProvider Time,
    TaskScheduler Scheduler,
    ILoggerFactory Loggers)
{
    public INonceSource Nonces { get; init; } = RandomNonces.Shared;

    /// <summary>What time it is for the pool, as the miner goes by it.</summary>
    public PoolClock Clock { get; init; } = new(Time);

    /// <summary>The delegation by which the signer signs; null when its key is the name's own.</summary>
    public SignedSnapshot? Delegation { get; init; }
}
