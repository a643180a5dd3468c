using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Roles;

/// <summary>What every role works with: what fills its slots, what it signs with, and where and by which clock it runs.</summary>
internal sealed record RoleDependencies(
    ITransport Transport,
    IIdentityProvider Names,
    ISigner Signer,
    ISignatureEngine Engine,
    TimeProvider Time,
    SwarmPoolSchedulers Schedulers,
    ILoggerFactory Loggers)
{
    public INonceSource Nonces { get; init; } = RandomNonces.Shared;

    /// <summary>The delegation by which the signer signs; null when its key is the name's own.</summary>
    public SignedSnapshot? Delegation { get; init; }

    /// <summary>Says what is waited for.</summary>
    public Waits Waits { get; init; } = Waits.Silent;

    /// <summary>What a party of this name at this pool signs as.</summary>
    public PartyIdentity IdentityOf(EnsName name, EnsName pool) => new(name, pool, Names.Network, Signer, Delegation?.Cid);
}
