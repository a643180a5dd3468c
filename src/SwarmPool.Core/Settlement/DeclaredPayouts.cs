using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Settlement;

/// <summary>
/// Payouts to those who are neither miners nor operations: whom the policy declares, and the pool's settings have recorded, before a
/// settlement pays them.
/// </summary>
internal static class DeclaredPayouts
{
    /// <summary>Each payout goes to a payee that the ledger has as declared, and no two to one.</summary>
    /// <returns>SP3409; null when all is well.</returns>
    public static Refusal? Check(EpochLedger ledger, SettlementOutcome outcome)
    {
        var seen = new HashSet<Payee>();
        foreach (var payout in outcome.Settlement.Declared)
        {
            var wrong = payout is null ? "a declared payee's payout is null"
                : !ledger.Declared.Contains(payout.To) ? $"{SettlementRules.Shown(payout.To)} is paid as a declared payee, and the policy does not declare it"
                : !seen.Add(payout.To) ? $"the declared payee {SettlementRules.Shown(payout.To)} is paid twice"
                : null;
            if (wrong is not null)
            {
                return new(ErrorCodes.PayeeUndeclared, $"{ledger.EpochId}: {wrong}. The epoch stays closed and unsettled; fix the policy.");
            }
        }

        return null;
    }

    /// <summary>What each declared payee gets, in their order, those with nothing too: as it is recorded and published. Null when nobody is declared.</summary>
    public static IReadOnlyList<PayoutItem>? Items(EpochLedger ledger, SettlementOutcome outcome) => ledger.Declared.Count == 0
        ? null
        : [.. ledger.Declared.Select(payee => EpochItems.PayoutItem(payee, outcome.Settlement.Declared.FirstOrDefault(payout => payout.To == payee)?.Amount ?? Usdc.Zero))];

    /// <summary>Their sum, in micro-USDC.</summary>
    public static Int128 Sum(IReadOnlyList<PayoutItem>? items) => (items ?? []).Aggregate(Int128.Zero, static (sum, item) => sum + item.Amount.Micro);

    /// <summary>Payees for people; "nobody" for none.</summary>
    public static string Shown(IEnumerable<Payee> payees) => string.Join(", ", payees.Select(SettlementRules.Shown)) is { Length: > 0 } text ? text : "nobody";
}
