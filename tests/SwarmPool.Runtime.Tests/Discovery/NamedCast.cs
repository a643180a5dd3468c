using SwarmPool.Identity;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Discovery;

/// <summary>The cast, whose pool's name says where the pool is.</summary>
internal sealed class NamedCast(Cast cast) : IIdentityProvider
{
    /// <summary>What the name says.</summary>
    public PoolAddress Address { get; set; } = new(IdentityStatus.Known, PoolLocation.Nowhere, 7, TimeSpan.FromMinutes(5), []);

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>Thrown in the place of an answer.</summary>
    public Exception? Fault { get; set; }

    public string Network => cast.Network;

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) => cast.ResolveAsync(name, cancellationToken);

    public ValueTask<PoolAddress> FindPoolAsync(EnsName name, CancellationToken cancellationToken)
    {
        Asked++;
        return Fault is null ? new(Address) : throw Fault;
    }

    public void Say(string? state, params string[] peers) => Address = Address with { Status = IdentityStatus.Known, Place = new PoolLocation(state, peers), Problems = [] };
}
