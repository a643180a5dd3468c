using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The forms of the fields of delegations and revocations.</summary>
internal static class DelegationFields
{
    /// <summary>The role that signs a snapshot; null for what only a name's own account signs.</summary>
    public static string? RoleOf(Snapshot snapshot) => snapshot switch
    {
        MinerSnapshot => DelegationRoles.Miner,
        JobSnapshot or CancelSnapshot => DelegationRoles.Client,
        PoolStateSnapshot or EpochSnapshot or Announcement => DelegationRoles.Pool,
        _ => null,
    };

    public static Refusal? Delegation(DelegationSnapshot delegation) =>
        Own(delegation)
        ?? Field.OneOf("$.role", delegation.Role, DelegationRoles.Miner, DelegationRoles.Client, DelegationRoles.Pool)
        ?? Field.Range("$.timestamp", delegation.Timestamp, 0, GrantText.LastSecond - DelegationSnapshot.LongestSeconds) // Both have a date, which the wallet shows.
        ?? Field.Range("$.expires", delegation.Expires, delegation.Timestamp + 1, delegation.Timestamp + DelegationSnapshot.LongestSeconds)
        ?? Cap(delegation)
        ?? (delegation.Role == DelegationRoles.Pool && delegation.Name != delegation.Pool ? Bad("$.name needs to be the pool's, since the role is \"pool\".") : null);

    public static Refusal? Revocation(RevocationSnapshot revocation) => Own(revocation) ?? Field.Digest("$.revokes", revocation.Revokes);

    // A session key that could pass its power on, or take another's away, would be as good as the name's own key.
    private static Refusal? Own(Snapshot snapshot) =>
        snapshot.Delegation is null ? null : Bad($"$.delegation may not stand in a {snapshot.Type}: an account of the name's own signs it.");

    private static Refusal? Cap(DelegationSnapshot delegation) => (delegation.Role == DelegationRoles.Client) == delegation.SpendingCap is not null
        ? null
        : Bad("$.spending_cap needs to stand when the role is \"client\", and then alone.");

    private static Refusal Bad(string reason) => new(ErrorCodes.BadField, reason);
}
