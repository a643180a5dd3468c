using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Settlement7525;

/// <summary>
/// The rule "75/25". SOLO: each own job pays floor(price × 75 / 100) micro-USDC, job by job. PPS: the pot of
/// floor(PPS volume × 75 / 100) is shared by price with the largest-remainder method. Operations get the volume less all of that,
/// so every part of a micro-USDC that the SOLO rule or the pot rounds off goes to operations, and the sum is always exact.
/// </summary>
/// <remarks>
/// Stateless, thread-safe; its policy state is always "". A payee with jobs of both modes gets one entry, the sum. A payee whose
/// part is zero keeps its entry, so that everybody who worked finds itself in the settlement.
/// </remarks>
internal sealed class Settlement7525Policy : ISettlementPolicy
{
    private const int MinerPercent = 75;

    public string Name => "75/25";

    public string Version => "1.0.0";

    public SettlementOutcome Settle(EpochLedger ledger, string policyState)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        Int128 volume = 0;
        var solo = new Dictionary<Payee, Int128>();
        var shares = new Dictionary<Payee, Int128>();
        foreach (var entry in ledger.Entries)
        {
            volume += entry.Price.Micro;
            switch (entry.Mode)
            {
                case MiningMode.SOLO:
                    Add(solo, entry.Miner, MinersPart(entry.Price.Micro));
                    break;
                case MiningMode.PPS:
                    Add(shares, entry.Miner, entry.Price.Micro);
                    break;
                default:
                    throw new InvalidOperationException(
                        $"{ledger.EpochId}: job {entry.Job} has the mining mode {entry.Mode}; the rule 75/25 1.0.0 knows SOLO and PPS only.");
            }
        }

        if (volume > long.MaxValue)
        {
            throw new OverflowException($"{ledger.EpochId}: the volume of {volume} micro-USDC is more than an amount can hold (2^63-1).");
        }

        var paid = solo;
        foreach (var (payee, amount) in SharePot(shares))
        {
            Add(paid, payee, amount);
        }

        return Outcome(volume, paid);
    }

    private static Int128 MinersPart(Int128 micro) => micro * MinerPercent / 100;

    private static IEnumerable<(Payee To, Int128 Micro)> SharePot(Dictionary<Payee, Int128> shares)
    {
        Int128 total = 0;
        foreach (var share in shares.Values)
        {
            total += share;
        }

        return LargestRemainder.Split(MinersPart(total), total, Sorted(shares));
    }

    private static SettlementOutcome Outcome(Int128 volume, Dictionary<Payee, Int128> paid)
    {
        var operations = volume;
        var payouts = new List<Payout>(paid.Count);
        foreach (var (payee, micro) in Sorted(paid))
        {
            operations -= micro;
            payouts.Add(new Payout(payee, ToUsdc(micro)));
        }

        return new SettlementOutcome(new(ToUsdc(operations), payouts), "");
    }

    private static List<(Payee To, Int128 Micro)> Sorted(Dictionary<Payee, Int128> amounts)
    {
        var list = new List<(Payee To, Int128 Micro)>(amounts.Count);
        foreach (var (payee, micro) in amounts)
        {
            list.Add((payee, micro));
        }

        // No two payees of a dictionary compare equal, so the order is total and the sort's instability does not show.
        list.Sort(static (a, b) => PayeeOrder.Compare(a.To, b.To));
        return list;
    }

    private static void Add(Dictionary<Payee, Int128> amounts, Payee payee, Int128 micro) =>
        amounts[payee] = amounts.GetValueOrDefault(payee) + micro;

    private static Usdc ToUsdc(Int128 micro) => Usdc.FromMicro(checked((long)micro));
}
