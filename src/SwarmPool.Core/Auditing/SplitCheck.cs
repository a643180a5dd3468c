using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>Settles an epoch again by its policy and compares who is paid what.</summary>
internal static class SplitCheck
{
    /// <summary>In what the published split differs from the policy's.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="ledger">What was decided in it.</param>
    /// <param name="payouts">Who is paid what, as published.</param>
    /// <param name="policy">The policy; whatever it throws is a difference.</param>
    /// <param name="policyState">What it begins with.</param>
    /// <param name="returned">What it wants to see again; null when it did not settle.</param>
    public static IReadOnlyList<string> Differences(
        EpochSnapshot epoch, EpochLedger ledger, IReadOnlyList<PayoutItem> payouts, ISettlementPolicy policy, string policyState, out string? returned)
    {
        returned = null;
        if (!Covers(policy, epoch))
        {
            return [$"it was settled by {epoch.Policy.Name} {epoch.Policy.Version}; {policy.Name} {policy.Version} can't check its split"];
        }

        try
        {
            var outcome = policy.Settle(ledger, policyState);
            returned = outcome.PolicyState;
            return [.. Compared(epoch.Settlements.Operations.Amount, payouts, outcome.Settlement)];
        }
        catch (Exception e)
        {
            return [$"the policy {policy.Name} {policy.Version} threw {e.GetType().Name} on this epoch: {e.Message}"];
        }
    }

    /// <summary>Whether the epoch says that it was settled by this policy.</summary>
    public static bool Covers(ISettlementPolicy policy, EpochSnapshot epoch) => policy.Name == epoch.Policy.Name && policy.Version == epoch.Policy.Version;

    private static IEnumerable<string> Compared(Usdc operations, IReadOnlyList<PayoutItem> payouts, SwarmPool.Settlement.Settlement right)
    {
        if (operations != right.Operations)
        {
            yield return $"operations are paid {operations}; by the policy it is {right.Operations}";
        }

        // Sums, so that a payee listed twice (reported elsewhere) can't hide a wrong amount.
        var open = new SortedDictionary<Payee, Int128>(Comparer<Payee>.Create(SettlementRules.Compare));
        foreach (var payout in payouts)
        {
            var to = new Payee(payout.Miner, payout.Address);
            open[to] = open.GetValueOrDefault(to) + payout.Amount.Micro;
        }

        foreach (var (to, amount) in right.Miners)
        {
            if (!open.Remove(to, out var published))
            {
                yield return $"{SettlementRules.Shown(to)} is not paid; by the policy it is {amount}";
            }
            else if (published != amount.Micro)
            {
                yield return $"{SettlementRules.Shown(to)} is paid {published} micro-USDC; by the policy it is {amount.Micro}";
            }
        }

        foreach (var (to, published) in open)
        {
            yield return $"{SettlementRules.Shown(to)} is paid {published} micro-USDC; by the policy it is no payee";
        }
    }
}
