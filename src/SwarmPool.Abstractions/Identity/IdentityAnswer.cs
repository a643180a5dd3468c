using SwarmPool.Settlement;

namespace SwarmPool.Identity;

/// <summary>What kind of answer an identity provider gave. <c>default</c> is not a yes.</summary>
public enum IdentityStatus
{
    /// <summary>Can't tell now: ask again later. Neither yes nor no.</summary>
    Unavailable = 0,

    /// <summary>The name does not exist or names no account.</summary>
    Unknown,

    /// <summary>The name is known.</summary>
    Known,

    /// <summary>
    /// The sources that were asked say different things of the name, and too few say the same: somebody lies, or is far behind. As with
    /// <see cref="Unavailable"/> nothing follows from it, and it may be asked again later.
    /// </summary>
    Disputed,
}

/// <summary>An answer about a name.</summary>
/// <param name="Status">Whether the name is known.</param>
/// <param name="Accounts">The accounts that may sign for the name; empty unless known.</param>
/// <param name="Payout">Where the name is paid; null unless known.</param>
/// <param name="Block">The block the answer was read at; 0 where the network has none.</param>
/// <param name="ValidFor">How long the answer may be used; greater than zero.</param>
/// <param name="Stake">The stake that stands behind the name; null when the provider knows of none.</param>
/// <param name="Detail">Why the name is unknown or unavailable, for people; may be empty.</param>
public sealed record IdentityAnswer(
    IdentityStatus Status,
    IReadOnlyList<EthAddress> Accounts,
    EthAddress? Payout,
    long Block,
    TimeSpan ValidFor,
    Usdc? Stake = null,
    string Detail = "")
{
    /// <summary>
    /// How much longer than <see cref="ValidFor"/> a known name's answer may be used while asking again ends in
    /// <see cref="IdentityStatus.Unavailable"/> or <see cref="IdentityStatus.Disputed"/>; not negative. Default zero: not at all.
    /// </summary>
    public TimeSpan Grace { get; init; }

    /// <summary>A name that does not exist.</summary>
    public static IdentityAnswer Unknown(TimeSpan validFor, string detail) =>
        new(IdentityStatus.Unknown, [], null, 0, validFor, null, detail);

    /// <summary>A name of which the sources say different things.</summary>
    public static IdentityAnswer Disputed(TimeSpan validFor, string detail) =>
        new(IdentityStatus.Disputed, [], null, 0, validFor, null, detail);

    /// <summary>A name that can't be looked up now.</summary>
    public static IdentityAnswer Unavailable(TimeSpan validFor, string detail) =>
        new(IdentityStatus.Unavailable, [], null, 0, validFor, null, detail);
}
