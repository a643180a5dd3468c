using System.Globalization;
using SwarmPool.Settlement;

namespace PropSettlement;

/// <summary>
/// PROP, in proportion: an epoch's volume, less a fee and a gift, is split among those who worked in it, by the price of their work.
/// Operations get nothing: whoever runs the pool can be whom the fee is for.
/// </summary>
/// <remarks>
/// Exact integers, stateless. The fee is rounded down; the gift is as much as is left when that is less. Of the rest each miner gets the
/// difference of two floors of a running sum, in the order of (name, address), so the parts always sum to it.
/// </remarks>
internal sealed class PropPolicy : ISettlementPolicy
{
    private readonly int percent;
    private readonly long giftMicro;
    private readonly DeclaredPayee? feeTo;
    private readonly DeclaredPayee? giftTo;

    /// <param name="options">Options that <see cref="PropOptionsCheck"/> has let pass.</param>
    public PropPolicy(PropOptions options)
    {
        (percent, giftMicro) = (options.FeePercent, Usdc.Parse(options.GiftUsdc).Micro);
        (feeTo, giftTo) = (Payee(options.FeeTo, percent), Payee(options.GiftTo, giftMicro));
        Payees = [.. new[] { feeTo, giftTo }.OfType<DeclaredPayee>()];
        Name = string.Create(CultureInfo.InvariantCulture, $"PROP fee {percent}% gift {Usdc.FromMicro(giftMicro)} USDC");
    }

    public string Name { get; }

    public string Version => "1.0.0";

    public IReadOnlyList<DeclaredPayee> Payees { get; }

    public SettlementOutcome Settle(EpochLedger ledger, string policyState)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var work = new SortedDictionary<Payee, Int128>(ByNameAndAddress);
        Int128 volume = 0;
        foreach (var entry in ledger.Entries)
        {
            volume += entry.Price.Micro;
            work[entry.Miner] = work.GetValueOrDefault(entry.Miner) + entry.Price.Micro;
        }

        var fee = volume * percent / 100;
        var gift = Int128.Min(giftMicro, volume - fee);
        return new(new(Usdc.Zero, Split(volume - fee - gift, volume, work)) { Declared = [.. Paid(ledger, feeTo, fee), .. Paid(ledger, giftTo, gift)] }, PolicyState: "");
    }

    private static Comparer<Payee> ByNameAndAddress { get; } = Comparer<Payee>.Create(static (a, b) =>
        a.Name.CompareTo(b.Name) is var byName and not 0 ? byName : a.Address.CompareTo(b.Address));

    private static DeclaredPayee? Payee(string text, long part) => part > 0 && DeclaredPayee.TryParse(text, out var payee, out _) ? payee : null;

    // The ledger has where it is paid: by its name, where the name was looked up when the daemon started.
    private static IEnumerable<Payout> Paid(EpochLedger ledger, DeclaredPayee? to, Int128 micro) =>
        to is { } payee ? [new Payout(ledger.Declared.Single(declared => declared.Name == payee.Name), Amount(micro))] : [];

    private static List<Payout> Split(Int128 pot, Int128 volume, SortedDictionary<Payee, Int128> work)
    {
        var payouts = new List<Payout>(work.Count);
        Int128 seen = 0;
        Int128 before = 0;
        foreach (var (payee, done) in work)
        {
            seen += done;
            var upTo = volume == 0 ? 0 : pot * seen / volume;
            payouts.Add(new Payout(payee, Amount(upTo - before)));
            before = upTo;
        }

        return payouts;
    }

    private static Usdc Amount(Int128 micro) => Usdc.FromMicro(checked((long)micro));
}
