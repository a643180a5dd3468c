namespace SwarmPool.Settlement;

/// <summary>
/// The settlement policy slot: how an epoch's volume is paid out. A pure function.
/// </summary>
/// <remarks>
/// Thread-safe and deterministic: no clock, no randomness, no I/O, and the order of the ledger's entries must not matter
/// (the runtime calls it twice, once with the ledger shuffled, and compares). The runtime checks whatever is returned:
/// the sum of all payouts is exactly the ledger's volume, nothing is negative, and every payee did work in the epoch or was
/// listed by the settlement before (<see cref="EpochLedger.Earlier"/>). A policy that throws, hangs or fails the check leaves
/// the epoch closed and unsettled, the ledger intact.
/// </remarks>
public interface ISettlementPolicy
{
    /// <summary>The policy's name, e.g. "75/25". It is published with every epoch.</summary>
    string Name { get; }

    /// <summary>The version of the rule, e.g. "1.0.0". A change of what it pays is a new version.</summary>
    string Version { get; }

    /// <summary>Settles an epoch.</summary>
    /// <param name="ledger">What was decided in the epoch.</param>
    /// <param name="policyState">What the policy returned for the epoch before; empty for the first. At most 32 KiB.</param>
    SettlementOutcome Settle(EpochLedger ledger, string policyState);
}

/// <summary>What a policy returns.</summary>
/// <param name="Settlement">Who gets what.</param>
/// <param name="PolicyState">What the policy wants to see again at the next epoch; at most 32 KiB; published.</param>
public sealed record SettlementOutcome(Settlement Settlement, string PolicyState);
