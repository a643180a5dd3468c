using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Settlement;

/// <summary>
/// What checkers get: the fees of their checks, out of the operations' part, whatever the policy made of the volume. Where that part is less than
/// the fees, each fee is cut in the same proportion, and operations get nothing.
/// </summary>
/// <remarks>Pure; thread-safe; independent of the order of the checks. Nothing is lost or made: what checkers get and what operations keep is what the policy gave operations.</remarks>
public static class CheckFees
{
    /// <summary>Takes the fees from what the policy gave operations.</summary>
    /// <param name="checks">The checks.</param>
    /// <param name="operations">What the policy gave operations.</param>
    public static CheckPayouts Apply(IReadOnlyList<CheckEntry> checks, Usdc operations)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var owed = new SortedDictionary<Payee, Int128>(Comparer<Payee>.Create(SettlementRules.Compare));
        Int128 fees = 0;
        foreach (var check in checks.Where(static check => check.Fee > Usdc.Zero))
        {
            owed[check.Checker] = owed.GetValueOrDefault(check.Checker) + check.Fee.Micro;
            fees += check.Fee.Micro;
        }

        var left = Int128.Min(fees, operations.Micro);
        if (left == 0)
        {
            return new CheckPayouts(operations, []);
        }

        var paid = left;
        var parts = owed.ToDictionary(static one => one.Key, one => one.Value * paid / fees);
        left -= parts.Values.Aggregate(Int128.Zero, static (sum, part) => sum + part);
        var payouts = new List<Payout>(parts.Count);
        foreach (var payee in owed.Keys)
        {
            // What division leaves, less than a micro-unit each, goes to the first of them: nobody gets more than its fees by that.
            var part = parts[payee] + (left > 0 && parts[payee] < owed[payee] ? 1 : 0);
            left -= part - parts[payee];
            if (part > 0)
            {
                payouts.Add(new Payout(payee, Usdc.FromMicro((long)part)));
            }
        }

        return new CheckPayouts(operations - Usdc.FromMicro((long)paid), payouts);
    }

    /// <summary>Checks what an epoch pays checkers.</summary>
    /// <param name="ledger">What it settles.</param>
    /// <param name="operations">What it pays operations.</param>
    /// <param name="checkers">What it pays checkers.</param>
    /// <returns>SP3421; null when all is well.</returns>
    public static Refusal? Check(EpochLedger ledger, Usdc operations, IReadOnlyList<PayoutItem> checkers)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(checkers);
        var before = DeclaredPayouts.Sum(checkers) + operations.Micro;
        if (before > Usdc.MaxMicro)
        {
            return new(ErrorCodes.CheckersPaid, $"{ledger.EpochId}: operations and checkers are paid more than an amount may be.");
        }

        var right = Apply(ledger.Checks, Usdc.FromMicro((long)before));
        if (right.Checkers.Select(static payout => EpochItems.PayoutItem(payout.To, payout.Amount)).SequenceEqual(checkers))
        {
            return null;
        }

        var (first, published) = right.Checkers.Select(static payout => Shown(payout.To, payout.Amount)).Append("nobody else")
            .Zip(checkers.Select(static item => Shown(EpochItems.PayeeOf(item), item.Amount)).Append("nobody else"))
            .First(static pair => pair.First != pair.Second);
        return new(ErrorCodes.CheckersPaid, $"{ledger.EpochId}: checkers are not paid what their checks are worth: where it pays {published}, the fees give {first}.");
    }

    private static string Shown(Payee payee, Usdc amount) => $"{SettlementRules.Shown(payee)} {amount}";

    /// <summary>As it is recorded; null when nobody is paid for checks.</summary>
    internal static IReadOnlyList<PayoutItem>? Items(CheckPayouts payouts) =>
        payouts.Checkers.Count == 0 ? null : [.. payouts.Checkers.Select(static payout => EpochItems.PayoutItem(payout.To, payout.Amount))];
}

/// <summary>What operations keep, and what checkers get.</summary>
/// <param name="Operations">What is left to operations.</param>
/// <param name="Checkers">One payout a checker, in the order of (name, address); none is zero.</param>
public sealed record CheckPayouts(Usdc Operations, IReadOnlyList<Payout> Checkers);
