using System.Globalization;
using SwarmPool.Settlement;

namespace CustomSettlement;

/// <summary>
/// PPLNS, pay per last N shares. A micro-USDC of paid work is a share. The miners' part of an epoch's volume, rounded down, is split
/// over the last N shares: this epoch's and those of epochs before, newest first, the oldest epoch that is reached counted in part.
/// So who hops in for one rich epoch earns little in it, and who leaves is still paid while its shares are in the window.
/// </summary>
/// <remarks>
/// Exact integers. Remainders: a part is rounded between two floors of a running sum (<see cref="Split"/>), so the parts of a pot
/// always sum to it; the pot's own remainder goes to operations. Stateless; the window travels in the policy state.
/// </remarks>
internal sealed class PplnsPolicy(PplnsOptions options) : ISettlementPolicy
{
    private readonly long windowMicro = options.WindowUsdc * Usdc.MicroPerUnit;
    private readonly int percent = options.MinerPercent;

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"PPLNS {options.MinerPercent}% of {options.WindowUsdc} USDC");

    public string Version => "1.0.0";

    public SettlementOutcome Settle(EpochLedger ledger, string policyState)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(policyState);
        Int128 volume = 0;
        var own = new Dictionary<Payee, long>();
        foreach (var entry in ledger.Entries)
        {
            volume += entry.Price.Micro;
            own[entry.Miner] = checked(own.GetValueOrDefault(entry.Miner) + entry.Price.Micro);
        }

        var window = ShareWindow.Read(policyState).With(new EpochShares(ledger.Number, own));
        var weights = window.Weights(windowMicro, PayableIn(ledger));
        var pot = volume * percent / 100;
        var paid = Split(pot, weights);
        var operations = volume - paid.Aggregate(Int128.Zero, static (sum, payout) => sum + payout.Amount.Micro);
        return new(new(Amount(operations), paid), window.Write(windowMicro));
    }

    // Who can't be paid any more (another policy settled the epoch before and did not list it) leaves the window.
    private static HashSet<Payee> PayableIn(EpochLedger ledger) => [.. ledger.Entries.Select(static entry => entry.Miner), .. ledger.Earlier];

    /// <summary>Splits a pot by weight: each gets the difference of two floors of the running sum, so the sum telescopes to the pot.</summary>
    private static List<Payout> Split(Int128 pot, SortedDictionary<Payee, Int128> weights)
    {
        var total = weights.Values.Aggregate(Int128.Zero, static (sum, weight) => sum + weight);
        var payouts = new List<Payout>(weights.Count);
        Int128 seen = 0;
        Int128 before = 0;
        foreach (var (payee, weight) in weights)
        {
            seen += weight;
            var upTo = total == 0 ? 0 : pot * seen / total;
            payouts.Add(new Payout(payee, Amount(upTo - before)));
            before = upTo;
        }

        return payouts;
    }

    private static Usdc Amount(Int128 micro) => Usdc.FromMicro(checked((long)micro));
}
