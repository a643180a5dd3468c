namespace SwarmPool.Identity;

/// <summary>What was found about a signature in a contract's name. <c>default</c> is not a yes.</summary>
public enum ContractStatus
{
    /// <summary>Can't tell now: ask again later. Neither yes nor no.</summary>
    Unavailable = 0,

    /// <summary>The account is no contract, or the network has none: only its key's signature counts.</summary>
    NoContract,

    /// <summary>The contract does not accept the signature, or gives no answer that would say so.</summary>
    Refused,

    /// <summary>The contract accepts the signature.</summary>
    Accepted,
}

/// <summary>A contract's word on a signature.</summary>
/// <param name="Status">What it says.</param>
/// <param name="Block">The block it was asked at; 0 where the network has none.</param>
/// <param name="Detail">Why it was refused or is unavailable, for people; may be empty.</param>
public readonly record struct ContractCheckResult(ContractStatus Status, long Block, string Detail);
