using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>What fills a client's slots.</summary>
internal sealed record ClientDependencies(
    ITransport Transport,
    IIdentityProvider Names,
    ISigner Signer,
    ISignatureEngine Engine,
    TimeProvider Time,
    TaskScheduler Scheduler,
    ILoggerFactory Loggers)
{
    public INonceSource Nonces { get; init; } = RandomNonces.Shared;

    /// <summary>The delegation by which the signer signs; null when its key is the name's own.</summary>
    public SignedSnapshot? Delegation { get; init; }
}
