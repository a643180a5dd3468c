namespace SwarmPool.Settlement;

/// <summary>
/// The settlement policy slot: how an epoch's volume is paid out. A pure function.
/// </summary>
/// <remarks>
/// Thread-safe and deterministic: no clock, no randomness, no I/O, and the order of the ledger's entries must not matter
/// (the runtime calls it twice, once with the ledger shuffled, and compares). The runtime checks whatever is returned:
/// the sum of all payouts is exactly the ledger's volume, nothing is negative, and every payee did work in the epoch, was
/// listed by the settlement before (<see cref="EpochLedger.Earlier"/>), or is declared (<see cref="Payees"/>). A policy that throws,
/// hangs, takes too much memory or fails the check leaves the epoch closed and unsettled, the ledger intact. One from an operator's
/// plugin folder runs in a process of its own, and what it does to that, it does to itself.
/// </remarks>
public interface ISettlementPolicy
{
    /// <summary>The policy's name, e.g. "75/25". It is published with every epoch.</summary>
    string Name { get; }

    /// <summary>The version of the rule, e.g. "1.0.0". A change of what it pays is a new version.</summary>
    string Version { get; }

    /// <summary>
    /// Whom it may pay besides miners and operations: for a fee, a gift. At most <see cref="DeclaredPayee.Most"/>, each name once, always
    /// the same in one process. The default is nobody. A daemon looks the names up when it starts and records who they are in the pool's
    /// settings, so whoever audits sees them before they are paid and what they were paid; nobody else can be.
    /// </summary>
    IReadOnlyList<DeclaredPayee> Payees => [];

    /// <summary>Settles an epoch.</summary>
    /// <param name="ledger">What was decided in the epoch.</param>
    /// <param name="policyState">What the policy returned for the epoch before; empty for the first. At most 32 KiB.</param>
    SettlementOutcome Settle(EpochLedger ledger, string policyState);
}

/// <summary>What a policy returns.</summary>
/// <param name="Settlement">Who gets what.</param>
/// <param name="PolicyState">What the policy wants to see again at the next epoch; at most 32 KiB; published.</param>
public sealed record SettlementOutcome(Settlement Settlement, string PolicyState);
