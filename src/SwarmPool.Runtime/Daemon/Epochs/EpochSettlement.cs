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
        Payee operations,
        string policyState,
        ISettlementPolicy policy,
        PolicyIdentity identity,
        TimeSpan limit,
        TimeProvider time,
        TaskScheduler policies,
        JournalHead? head,
        CancellationToken cancellationToken)
    {
        var ledger = await EpochRange.LedgerAsync(journal, epoch, operations, cancellationToken, head);
        var verdict = await PolicySettlement.SettleAsync(policy, ledger, policyState, limit, time, policies, cancellationToken);
        if (verdict.Outcome is not { } outcome)
        {
            return (null, verdict.Refusal);
        }

        var miners = outcome.Settlement.Miners.Select(payout => EpochItems.PayoutItem(payout.To, payout.Amount)).ToList();
        return (new SettlementFact(identity, Replaced: false, operations, outcome.Settlement.Operations, miners, outcome.PolicyState), null);
    }
}
