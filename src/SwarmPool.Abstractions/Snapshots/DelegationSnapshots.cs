using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Snapshots;

/// <summary>
/// A name lets another key, the session key, sign for one role of its at one pool, until an expiry. Signed by an account of the name's
/// own, once; every snapshot that the session key signs names it.
/// </summary>
/// <remarks>
/// Its identity is the SHA-256 in its signing text, not its CID: a contract may take one signature in several spellings. It never says
/// where the name is paid: that is the name's own record.
/// </remarks>
public sealed record DelegationSnapshot : Snapshot
{
    /// <summary>The longest that a delegation may last: 90 days, in seconds.</summary>
    public const long LongestSeconds = 90L * 24 * 3600;

    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Delegation;

    /// <inheritdoc/>
    [JsonIgnore]
    public override EnsName Signer => Name;

    /// <summary>Who delegates; for the role of the pool, the pool itself.</summary>
    public required EnsName Name { get; init; }

    /// <summary>What for: one of <see cref="DelegationRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>The session key's account.</summary>
    public required EthAddress Key { get; init; }

    /// <summary>Unix seconds, UTC: from then on the session key signs nothing; after <see cref="Snapshot.Timestamp"/>, by at most <see cref="LongestSeconds"/>.</summary>
    public required long Expires { get; init; }

    /// <summary>The most that the session key's jobs may cost, open and paid ones together; needed for a client, absent else.</summary>
    public Usdc? SpendingCap { get; init; }
}

/// <summary>A name takes a delegation back, before it expires. Signed by an account of the name's own.</summary>
public sealed record RevocationSnapshot : Snapshot
{
    /// <inheritdoc/>
    public override string Type => SnapshotTypes.Revocation;

    /// <inheritdoc/>
    [JsonIgnore]
    public override EnsName Signer => Name;

    /// <summary>Who delegated.</summary>
    public required EnsName Name { get; init; }

    /// <summary>The delegation's identity: the SHA-256 in its signing text, lower-case hex.</summary>
    public required string Revokes { get; init; }
}

/// <summary>The values of a delegation's <c>role</c>.</summary>
public static class DelegationRoles
{
    /// <summary>A miner: registrations, heartbeats, claims, releases and proofs.</summary>
    public const string Miner = "miner";

    /// <summary>A client: jobs, up to the spending cap, and cancellations.</summary>
    public const string Client = "client";

    /// <summary>A pool: announcements, states and epochs.</summary>
    public const string Pool = "pool";
}
