using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Snapshots;

/// <summary>Delegations that their names took back.</summary>
public sealed record RevocationsAccepted : Announcement<RevocationAcceptedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.RevocationsAccepted;
}

/// <summary>A revocation that counts from now on.</summary>
/// <param name="Name">Who took it back.</param>
/// <param name="Revokes">The delegation's identity: the SHA-256 in its signing text, lower-case hex.</param>
/// <param name="RevocationCid">The revocation that counted first.</param>
public sealed record RevocationAcceptedItem(EnsName Name, string Revokes, Cid RevocationCid);

/// <summary>Revocations that were refused.</summary>
public sealed record RevocationsRejected : Announcement<RevocationRejectedItem>
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.RevocationsRejected;
}

/// <summary>A refused revocation.</summary>
/// <param name="Name">Who meant to take it back.</param>
/// <param name="Revokes">The delegation's identity: the SHA-256 in its signing text, lower-case hex.</param>
/// <param name="RevocationCid">The revocation.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record RevocationRejectedItem(EnsName Name, string Revokes, Cid RevocationCid, string Code, string Reason);
