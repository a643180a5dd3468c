using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Names.Delegations;

/// <summary>Does a delegation cover what was signed by it? Who signed the delegation itself is for <see cref="SignerCheck"/>.</summary>
internal static class DelegationCheck
{
    /// <summary>What can be told without a clock.</summary>
    public static Refusal? Against(KnownDelegation known, Snapshot body, EthAddress account)
    {
        var delegation = known.Body;
        if (delegation.Name != body.Signer || delegation.Pool != body.Pool || delegation.Network != body.Network)
        {
            return new Refusal(
                ErrorCodes.DelegationInvalid,
                $"The delegation is of {delegation.Name} for {delegation.Pool} on {delegation.Network}; the {body.Type} is of {body.Signer} for {body.Pool} on {body.Network}.");
        }

        if (delegation.Role != DelegationFields.RoleOf(body))
        {
            return new Refusal(ErrorCodes.DelegationRole, $"The delegation of {delegation.Name} is for the role \"{delegation.Role}\", which does not sign a {body.Type}.");
        }

        return delegation.Key == account
            ? null
            : new Refusal(ErrorCodes.DelegationKey, $"The delegation of {delegation.Name} is for {delegation.Key}; {account} signed.");
    }

    /// <summary>Has the delegation ended by its own word, or not begun?</summary>
    public static Refusal? Lapsed(DelegationSnapshot delegation, Snapshot body, long now, ExpiryCheck lapse)
    {
        if (delegation.Timestamp > now + Freshness.WindowSeconds)
        {
            return new Refusal(ErrorCodes.InFuture, $"The delegation is dated more than {Freshness.WindowSeconds} s ahead.");
        }

        return delegation.Expires > (lapse == ExpiryCheck.Now ? Math.Max(now, body.Timestamp) : body.Timestamp)
            ? null
            : new Refusal(ErrorCodes.DelegationExpired, $"The delegation of {delegation.Name} has expired (unix {delegation.Expires}).");
    }

    /// <summary>
    /// What was dated before its delegation was taken back may be kept: an epoch that was sealed then stays what it was. A state is never
    /// old news, and a stolen key dates things as it likes.
    /// </summary>
    public static Refusal? Revoked(DelegationSnapshot delegation, Snapshot body, long since, ExpiryCheck lapse) =>
        lapse == ExpiryCheck.Dated && body is not PoolStateSnapshot && body.Timestamp < since
            ? null
            : new Refusal(ErrorCodes.DelegationRevoked, $"{delegation.Name} has taken the delegation back.");
}
