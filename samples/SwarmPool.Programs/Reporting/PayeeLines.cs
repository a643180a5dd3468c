using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Reporting;

/// <summary>The payees that a policy declares besides miners and operations, for screens.</summary>
public static class PayeeLines
{
    /// <summary>A line for each: who, and what it gets. None when nobody is declared.</summary>
    public static IEnumerable<(string Label, string Text)> Of(IReadOnlyList<PayoutItem>? declared) =>
        (declared ?? []).Select(static item => ("Also paid:", $"{NameOf(new Payee(item.Miner, item.Address))}{item.Amount} USDC → {item.Address}"));

    /// <summary>What they get together, as the end of a line about an epoch's money; empty when nobody is declared.</summary>
    /// <param name="declared">They, and what each gets.</param>
    /// <param name="label">What stands before the sum.</param>
    public static string Sum(IReadOnlyList<PayoutItem>? declared, string label) =>
        declared is null or [] ? "" : $"{label}{declared.Aggregate(Usdc.Zero, static (sum, item) => sum + item.Amount)}";

    /// <summary>Who one is, and where it is paid.</summary>
    public static string Shown(Payee payee) => $"{NameOf(payee)}→ {payee.Address}";

    // An address says itself.
    private static string NameOf(Payee payee) => DeclaredPayee.IsNamedByAddress(payee) ? "" : $"{payee.Name} ";
}
