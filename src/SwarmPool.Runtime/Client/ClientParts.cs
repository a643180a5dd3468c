using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>What fills a client's slots.</summary>
internal sealed record ClientParts(
    ITransport Transport,
    IIdentityProvider Names,
    ISigner Signer,
    ISignatureEngine Engine,
    TimeProvider Time,
    TaskScheduler Scheduler,
    ILoggerFactory Loggers);
