using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Roles;

/// <summary>Whom a party's snapshots are from, and how they are signed.</summary>
/// <param name="Name">The party's name; for a daemon the pool's.</param>
/// <param name="Pool">At which pool.</param>
/// <param name="Network">Where the names live.</param>
/// <param name="Signer">Signs.</param>
/// <param name="Delegation">The delegation by which it signs for the name; null when its key is the name's own.</param>
internal sealed record PartyIdentity(EnsName Name, EnsName Pool, string Network, ISigner Signer, Cid? Delegation = null)
{
    /// <summary>Signs a snapshot, by the delegation if there is one.</summary>
    public ValueTask<SignedSnapshot> SignAsync(Snapshot body, CancellationToken cancellationToken) =>
        SnapshotCodec.SignAsync(body with { Delegation = Delegation }, Signer, cancellationToken);
}
