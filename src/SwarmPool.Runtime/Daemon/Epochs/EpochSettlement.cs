using SwarmPool.Core.Pool;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>A closed epoch's settlement by a policy, checked, as the fact to be recorded.</summary>
internal static class EpochSettlement
{
    /// <summary>Exactly one of the two is there.</summary>
    public static async ValueTask<(SettlementFact? Fact, Refusal? Refusal)> TryAsync(
        IPoolJournal journal,
        EpochAccount epoch,
        SettlementPayees payees,
        string policyState,
        ISettlementPolicy policy,
        PolicyIdentity identity,
        TimeSpan limit,
        TimeProvider time,
        TaskScheduler policies,
        JournalHead? head,
        CancellationToken cancellationToken)
    {
        var ledger = await EpochRange.LedgerAsync(journal, epoch, payees.Operations, cancellationToken, head) with { Declared = payees.Declared };
        var verdict = await PolicySettlement.SettleAsync(policy, ledger, policyState, limit, time, policies, cancellationToken);
        if (verdict.Outcome is not { } outcome)
        {
            return (null, verdict.Refusal);
        }

        return (FactOf(ledger, outcome, identity), null);
    }

    /// <summary>An outcome that passed the checks, as it is recorded: checkers are paid out of what it gives operations.</summary>
    public static SettlementFact FactOf(EpochLedger ledger, SettlementOutcome outcome, PolicyIdentity identity)
    {
        var miners = outcome.Settlement.Miners.Select(payout => EpochItems.PayoutItem(payout.To, payout.Amount)).ToList();
        var paid = CheckFees.Apply(ledger.Checks, outcome.Settlement.Operations);
        return new SettlementFact(identity, Replaced: false, ledger.Operations, paid.Operations, miners, outcome.PolicyState)
        {
            Declared = DeclaredPayouts.Items(ledger, outcome),
            Checkers = CheckFees.Items(paid),
        };
    }
}

/// <summary>Whom an epoch's settlement may pay besides miners, by the settings in force.</summary>
/// <param name="Operations">Who is paid the operations' part.</param>
/// <param name="Declared">Whom the policy declares.</param>
internal sealed record SettlementPayees(Payee Operations, IReadOnlyList<Payee> Declared)
{
    public static SettlementPayees Of(PoolSettings settings) => new(new Payee(settings.OperationsName, settings.OperationsAddress), settings.Payees ?? []);
}
