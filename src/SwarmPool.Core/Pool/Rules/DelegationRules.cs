using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Which delegations the pool takes note of, and what may be done by one.</summary>
internal static class DelegationRules
{
    /// <summary>Delegations of one name that are remembered at a time, and as many revocations of others.</summary>
    public const int MostOfName = 64;

    /// <summary>Delegations and revocations that are remembered at a time.</summary>
    public const int MostInAll = 200_000;

    private const long LongestMs = 1000 * Freshness.WindowSeconds + DelegationSnapshot.LongestSeconds * 1000;

    /// <summary>The first time that something comes by a delegation, the delegation itself is recorded before it.</summary>
    public static Decision Accept(PoolState state, string digest, DelegationSnapshot delegation, long at)
    {
        if (state.Delegations.Find(delegation.Name, digest) is { } known)
        {
            return known.RevokedAt is null ? Decision.Nothing : Refuse(Revoked(known));
        }

        // A stranger's number: compared in seconds before it is multiplied.
        if (delegation.Expires <= at / 1000)
        {
            return Refuse(Expired(delegation.Expires));
        }

        if (delegation.Timestamp > (at / 1000) + Freshness.WindowSeconds)
        {
            return Decision.Refuse(ErrorCodes.InFuture, $"The delegation is dated more than {Freshness.WindowSeconds} s ahead.");
        }

        return state.Delegations.CountOf(delegation.Name) >= MostOfName || state.Delegations.Count >= MostFor(state, delegation.Name)
            ? Decision.Refuse(ErrorCodes.TooManyDelegations, $"{delegation.Name} has {state.Delegations.CountOf(delegation.Name)} delegations here, and all names together {state.Delegations.Count}: use one of those that there are, until some expire. One that was taken back counts until then.")
            : Decision.Accept(new DelegationAccepted(
                delegation.Name, digest, delegation.Expires * 1000, delegation.Role, delegation.Key, delegation.SpendingCap));
    }

    // Names are free, and so are their delegations: those of names that have done nothing here fill one half, and leave the other to those that have.
    private static int MostFor(PoolState state, EnsName name) =>
        state.Settings!.ClientShare is null || state.Miners.HasWorked(name) || state.Jobs.LoadOf(name) is { Held: > 0 } ? MostInAll : MostInAll / 2;

    /// <summary>A name takes a delegation back, whether the pool knows of it or not.</summary>
    public static Decision Revoke(PoolState state, Cid cid, RevocationSnapshot revocation, long at)
    {
        var known = state.Delegations.Find(revocation.Name, revocation.Revokes);
        if (known?.RevokedAt is not null)
        {
            return Decision.Nothing;
        }

        // One that is known is marked. One that is not is remembered for as long as it may last: it was signed before this.
        return known is null && (state.Delegations.CountOf(revocation.Name) >= 2 * MostOfName || state.Delegations.Count >= 2 * MostInAll)
            ? Decision.Refuse(ErrorCodes.TooManyDelegations, $"The pool does not know this delegation, and remembers {state.Delegations.CountOf(revocation.Name)} of {revocation.Name} ({state.Delegations.Count} of all names), as many as it may: so it records nothing by this one either. Send this again when one of those has expired.")
            : Decision.Accept(new DelegationRevoked(revocation.Name, revocation.Revokes, known?.ExpiresMs ?? at + LongestMs, cid));
    }

    /// <summary>What stands against a message that the rules else accept; null when no session key signed it, or one that may.</summary>
    public static Refusal? Against(PoolState state, Snapshot body, PoolFacts facts, long at)
    {
        if (facts.Signer is not { Delegation: { } digest } signer)
        {
            return null;
        }

        if (state.Delegations.Find(body.Signer, digest) is not { } entry)
        {
            return new Refusal(ErrorCodes.DelegationInvalid, $"{body.Signer} has no delegation {digest} here: it was not accepted, or has expired and is forgotten.");
        }

        if (entry.RevokedAt is not null)
        {
            return Revoked(entry);
        }

        if (entry.ExpiresMs <= at)
        {
            return Expired(entry.ExpiresMs / 1000);
        }

        if (entry.Key != signer.Account)
        {
            return new Refusal(ErrorCodes.DelegationKey, $"The delegation of {body.Signer} is for {entry.Key}; {signer.Account} signed.");
        }

        return entry.Role != DelegationFields.RoleOf(body)
            ? new Refusal(ErrorCodes.DelegationRole, $"The delegation of {body.Signer} is for the role \"{entry.Role}\", which does not sign a {body.Type}.")
            : body is JobSnapshot job ? OverCap(entry, job) : null;
    }

    /// <summary><see cref="Against"/> as a decision; null when nothing stands against it.</summary>
    public static Decision? Refused(PoolState state, Snapshot body, PoolFacts facts, long at) =>
        Against(state, body, facts, at) is { } refusal ? Refuse(refusal) : null;

    private static Refusal? OverCap(DelegationEntry entry, JobSnapshot job)
    {
        var left = entry.Cap!.Value.Micro - entry.SpentMicro;
        return job.Payment.Amount.Micro <= left
            ? null
            : new Refusal(ErrorCodes.SpendingCap, $"The job pays {job.Payment.Amount} USDC; of the delegation's cap of {entry.Cap} USDC only {Usdc.FromMicro(left)} is left.");
    }

    private static Refusal Revoked(DelegationEntry entry) => new(ErrorCodes.DelegationRevoked, $"{entry.Name} has taken this delegation back.");

    private static Refusal Expired(long seconds) => new(ErrorCodes.DelegationExpired, $"The delegation has expired (unix {seconds}): delegate anew.");

    private static Decision Refuse(Refusal refusal) => Decision.Refuse(refusal.Code, refusal.Reason);
}
