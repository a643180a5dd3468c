using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Settlement;

/// <summary>What every settlement has to pass before it counts, whatever policy made it.</summary>
/// <remarks>
/// Pure; thread-safe. It holds for every policy, so a plugin can pay out unfairly by its own published rule, but it can't create
/// money, lose money, or pay a stranger.
/// </remarks>
public static class SettlementCheck
{
    /// <summary>
    /// Checks an outcome against the ledger, without the policy: null when it may be paid. Used when settling and at audit.
    /// </summary>
    /// <returns>SP3403, SP3404 or SP3406; null when all is well.</returns>
    public static Refusal? Check(EpochLedger ledger, SettlementOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(outcome);
        return SettlementRules.CheckState(ledger, outcome)
            ?? SettlementRules.CheckPayees(ledger, outcome)
            ?? SettlementRules.CheckSum(ledger, outcome);
    }
}
