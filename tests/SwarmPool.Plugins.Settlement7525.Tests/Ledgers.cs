using System.Text;
using CsCheck;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Settlement7525.Tests;

internal static class Ledgers
{
    public static readonly Payee Operations = Payee("ops");

    /// <summary>Prices from one micro-USDC to the largest amount there is, small ones as likely as huge ones.</summary>
    private static readonly Gen<long> Price = Gen.OneOf(
        Gen.Long[1, 9], Gen.Long[1, 1_000_000], Gen.Long[1, Usdc.MaxMicro], Gen.Const(1L), Gen.Const(Usdc.MaxMicro));

    /// <summary>1 to 200 entries of one miner or of many, of one mode or mixed.</summary>
    public static readonly Gen<EpochLedger> Any =
        from miners in Gen.OneOf(Gen.Const(1), Gen.Int[2, 12], Gen.Const(200))
        from entries in Gen.Select(Gen.Int[1, miners], Gen.Bool, Price).Array[1, 200]
        select Of([.. entries.Select(e => ($"m{e.Item1}", e.Item2 ? MiningMode.SOLO : MiningMode.PPS, e.Item3))]);

    public static EpochLedger Of(params (string Miner, MiningMode Mode, long Micro)[] entries) =>
        new("epoch-7", 7, Operations, [.. entries.Select((e, i) => new LedgerEntry(
            Cid.OfBlock(Encoding.UTF8.GetBytes($"job {i}")),
            Cid.OfBlock(Encoding.UTF8.GetBytes($"proof {i}")),
            Payee(e.Miner),
            e.Mode,
            Usdc.FromMicro(e.Micro),
            1_760_000_000_000 + i))]);

    public static Payee Payee(string label) =>
        new(EnsName.Parse(label + ".eth"), new EthAddress(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(label)).AsSpan(0, 20)));

    public static Int128 Volume(EpochLedger ledger) => Sum(ledger.Entries.Select(e => e.Price));

    public static Int128 Sum(IEnumerable<Usdc> amounts) => amounts.Aggregate(Int128.Zero, (sum, amount) => sum + amount.Micro);

    public static long PaidTo(SettlementOutcome outcome, string miner) =>
        outcome.Settlement.Miners.Single(p => p.To == Payee(miner)).Amount.Micro;
}
