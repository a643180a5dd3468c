using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>What fills a miner's slots.</summary>
internal sealed record MinerParts(
    ITransport Transport,
    IIdentityProvider Names,
    IInferenceBackend Backend,
    ISigner Signer,
    ISignatureEngine Engine,
    IMinerObserver Observer,
    TimeProvider Time,
    TaskScheduler Scheduler,
    ILoggerFactory Loggers);
