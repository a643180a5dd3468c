using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Names;

/// <summary>What was found about who signed a snapshot.</summary>
/// <param name="Answer">What the signer's name resolved to; null when refused.</param>
/// <param name="Account">The account that signed.</param>
/// <param name="ByContract">Whether that is a contract.</param>
/// <param name="Refusal">Why the signature does not count.</param>
internal readonly record struct SignatureCheckResult(IdentityAnswer? Answer, EthAddress Account, bool ByContract, Refusal? Refusal)
{
    /// <summary>The delegation by which the account signed; null when it is the name's own.</summary>
    public KnownDelegation? Delegation { get; init; }

    /// <summary>Refused only because this delegation was not to be fetched here and now: <see cref="SignerCheck.CheckKeyAsync"/> goes on.</summary>
    public Cid? Unread { get; init; }
}

/// <summary>By when a delegation must not have ended.</summary>
internal enum ExpiryCheck
{
    /// <summary>For what is kept (an epoch, a proof): by the day that it is dated.</summary>
    Dated = 0,

    /// <summary>For what is heard: by now.</summary>
    Now,

    /// <summary>Judged elsewhere: the pool's rules do, by what is recorded.</summary>
    Elsewhere,
}
