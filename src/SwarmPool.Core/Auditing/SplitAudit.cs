using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// Settles epochs again by the policy at hand. What a policy begins with is what it returned for the epoch before, as the journal
/// records it; and what it returns here has to be what is recorded for this one, or the next would begin with an invention.
/// </summary>
/// <param name="policy">The policy; null settles nothing again.</param>
/// <param name="findings">Is told what differs.</param>
/// <remarks>Not thread-safe. It keeps the texts of those epochs alone whose turn is still to come.</remarks>
internal sealed class SplitAudit(ISettlementPolicy? policy, AuditFindings findings)
{
    private readonly Dictionary<long, (string State, long Sequence)> recorded = [];
    private readonly Dictionary<long, string> returned = [];

    /// <summary>What the policy returned for an epoch, as a record says; 0 for what the first epoch begins with.</summary>
    public void Record(long number, string policyState, long sequence)
    {
        recorded[number] = (policyState, sequence);
        Compare(number);
    }

    /// <summary>Whether it is recorded what the epoch's settlement began with.</summary>
    public bool IsDue(long number) => recorded.ContainsKey(number - 1);

    /// <summary>Settles an epoch that is due.</summary>
    /// <returns>False when it was settled by another policy than the one at hand.</returns>
    public bool Settle(EpochSnapshot epoch, EpochPages pages)
    {
        var before = recorded[epoch.Number - 1].State;
        recorded.Remove(epoch.Number - 1);
        if (policy is null || !SplitCheck.Covers(policy, epoch))
        {
            return false;
        }

        var ledger = EpochItems.Ledger(epoch, pages.Proofs, pages.Earlier, pages.Checks);
        var differences = SplitCheck.Differences(epoch, ledger, pages.Payouts, pages.Checkers, policy, before, out var state);
        foreach (var difference in differences)
        {
            findings.Add(difference);
        }

        if (state is not null)
        {
            returned[epoch.Number] = state;
            Compare(epoch.Number);
        }

        return true;
    }

    private void Compare(long number)
    {
        if (recorded.TryGetValue(number, out var told) && returned.Remove(number, out var state))
        {
            findings.Expect(told.State == state, told.Sequence, $"it records another state of the policy than that returns for epoch-{number}, which the next epoch would begin with");
        }
    }
}

/// <summary>Settles an epoch again by its policy and compares who is paid what.</summary>
internal static class SplitCheck
{
    /// <summary>In what the published split differs from the policy's.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="ledger">What was decided in it.</param>
    /// <param name="payouts">Who is paid what, as published.</param>
    /// <param name="checkers">What checkers are paid, as published.</param>
    /// <param name="policy">The policy; whatever it throws is a difference.</param>
    /// <param name="policyState">What it begins with.</param>
    /// <param name="returned">What it wants to see again; null when it did not settle.</param>
    public static IReadOnlyList<string> Differences(
        EpochSnapshot epoch, EpochLedger ledger, IReadOnlyList<PayoutItem> payouts, IReadOnlyList<PayoutItem> checkers, ISettlementPolicy policy, string policyState, out string? returned)
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
            var paid = CheckFees.Apply(ledger.Checks, outcome.Settlement.Operations);
            return [.. Declared(ledger, policy), .. Compared(epoch.Settlements, payouts, outcome.Settlement with { Operations = paid.Operations }), .. Compared(checkers, paid.Checkers)];
        }
        catch (Exception e)
        {
            return [$"the policy {policy.Name} {policy.Version} threw {e.GetType().Name} on this epoch: {e.Message}"];
        }
    }

    /// <summary>Whether the epoch says that it was settled by this policy.</summary>
    public static bool Covers(ISettlementPolicy policy, EpochSnapshot epoch) => policy.Name == epoch.Policy.Name && policy.Version == epoch.Policy.Version;

    // Its options say whom it declares, and whoever audits may have others than the pool.
    private static IEnumerable<string> Declared(EpochLedger ledger, ISettlementPolicy policy)
    {
        var own = policy.Payees;
        return own.Select(static payee => payee.Name).SequenceEqual(ledger.Declared.Select(static payee => payee.Name))
            ? []
            : [$"it declares {DeclaredPayouts.Shown(ledger.Declared)} besides miners and operations; the policy at hand declares {(own.Count == 0 ? "nobody" : string.Join(", ", own))}"];
    }

    private static IEnumerable<string> Compared(EpochSettlements published, IReadOnlyList<PayoutItem> payouts, SwarmPool.Settlement.Settlement right)
    {
        if (published.Operations.Amount != right.Operations)
        {
            yield return $"operations are paid {published.Operations.Amount}; by the policy it is {right.Operations}";
        }

        foreach (var difference in Compared(payouts, right.Miners).Concat(Compared(published.Declared ?? [], [.. right.Declared.Where(static payout => payout.Amount > Usdc.Zero)], asDeclared: true)))
        {
            yield return difference;
        }
    }

    private static IEnumerable<string> Compared(IReadOnlyList<PayoutItem> payouts, IReadOnlyList<Payout> right, bool asDeclared = false)
    {
        // Sums, so that a payee listed twice (reported elsewhere) can't hide a wrong amount.
        var open = new SortedDictionary<Payee, Int128>(Comparer<Payee>.Create(SettlementRules.Compare));
        foreach (var payout in payouts)
        {
            var to = new Payee(payout.Miner, payout.Address);
            open[to] = open.GetValueOrDefault(to) + payout.Amount.Micro;
        }

        foreach (var (to, amount) in right)
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

        // Every declared payee is published, those that get nothing too.
        foreach (var (to, published) in open.Where(one => !asDeclared || one.Value > 0))
        {
            yield return $"{SettlementRules.Shown(to)} is paid {published} micro-USDC; by the policy it is no payee";
        }
    }
}

/// <summary>What an epoch's settlement is made from and what it gave, as its pages hold it.</summary>
/// <param name="Proofs">What was decided.</param>
/// <param name="Payouts">Who is paid what.</param>
/// <param name="Earlier">Whom the settlement before listed.</param>
internal sealed record EpochPages(IReadOnlyList<EpochProofItem> Proofs, IReadOnlyList<PayoutItem> Payouts, IReadOnlyList<Payee> Earlier)
{
    /// <summary>The checks that it pays for.</summary>
    public IReadOnlyList<EpochCheckItem> Checks { get; init; } = [];

    /// <summary>What checkers are paid.</summary>
    public IReadOnlyList<PayoutItem> Checkers { get; init; } = [];

    /// <summary>What goes back to clients.</summary>
    public IReadOnlyList<RefundItem> Refunds { get; init; } = [];

    public EpochSize Size => new(Proofs.Count, Payouts.Count, Earlier.Count, Checks.Count, Refunds.Count);
}

/// <summary>How long those lists are: who reads them once more knows when to stop. A checker has one check at least.</summary>
internal readonly record struct EpochSize(int Proofs, int Payouts, int Earlier, int Checks, int Refunds);
