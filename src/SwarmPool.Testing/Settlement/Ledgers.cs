using System.Security.Cryptography;
using System.Text;
using CsCheck;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Testing.Settlement;

/// <summary>Makes ledgers: by hand, at random, and of the sizes that an adversary would choose.</summary>
/// <remarks>Thread-safe. The volume of each is at most <see cref="Usdc.MaxMicro"/>, as that of any epoch that can be published.</remarks>
public static class Ledgers
{
    private const int Many = 100_000;

    /// <summary>Who is paid the pool's part in all these ledgers.</summary>
    public static Payee Operations { get; } = PayeeOf("operations");

    /// <summary>
    /// Random ledgers of 1 to 200 entries: one miner or many, one mode or both, prices from one micro-USDC to
    /// <see cref="Usdc.MaxMicro"/> in all; one name in ten has two addresses.
    /// </summary>
    public static Gen<EpochLedger> Any { get; } =
        from miners in Gen.OneOf(Gen.Const(1), Gen.Int[2, 12], Gen.Const(200))
        from most in Gen.OneOf(Gen.Const(9L), Gen.Const(1_000_000L), Gen.Const(Usdc.MaxMicro / 200))
        from entries in Gen.Select(Gen.Int[1, miners], Gen.Bool, Gen.Long[1, most], Gen.Int[1, 10]).Array[1, 200]
        select Of(7, entries.Select(e => new LedgerWork(
            PayeeOf($"m{e.Item1}", e.Item4 == 1 ? "moved" : ""), e.Item2 ? MiningMode.SOLO : MiningMode.PPS, e.Item3)));

    /// <summary>The names of the adversarial ledgers, for <see cref="Adversarial"/>.</summary>
    public static IReadOnlyList<string> AdversarialNames { get; } = [.. Extremes.Keys];

    private static Dictionary<string, Func<IEnumerable<LedgerWork>>> Extremes => new(StringComparer.Ordinal)
    {
        ["one micro-unit, SOLO"] = () => [Work(0, MiningMode.SOLO, 1)],
        ["one micro-unit, PPS"] = () => [Work(0, MiningMode.PPS, 1)],
        ["all the money there may be, SOLO"] = () => [Work(0, MiningMode.SOLO, Usdc.MaxMicro)],
        ["all the money there may be, PPS"] = () => [Work(0, MiningMode.PPS, Usdc.MaxMicro)],
        ["all but one micro-unit against one"] = () => [Work(0, MiningMode.PPS, Usdc.MaxMicro - 1), Work(1, MiningMode.PPS, 1)],
        ["three share all the money, which three does not divide"] = () => Enumerable.Range(0, 3).Select(i => Work(i, MiningMode.PPS, Usdc.MaxMicro / 3)),
        ["seven share a dollar"] = () => Enumerable.Range(0, 7).Select(i => Work(i, MiningMode.PPS, 142_857)),
        ["one miner, a hundred thousand jobs"] = () => Each(i => Work(0, i % 2 == 0 ? MiningMode.SOLO : MiningMode.PPS, 1 + (i % 3))),
        ["a hundred thousand miners, a micro-unit each, SOLO"] = () => Each(i => Work(i, MiningMode.SOLO, 1)),
        ["a hundred thousand miners, a micro-unit each, PPS"] = () => Each(i => Work(i, MiningMode.PPS, 1)),
        ["a hundred thousand miners share all the money"] = () => Each(i => Work(i, MiningMode.PPS, Usdc.MaxMicro / Many)),
        ["a hundred thousand miners, no two alike"] = () => Each(i => Work(i, i % 3 == 0 ? MiningMode.SOLO : MiningMode.PPS, 1 + (i * 97L * i % 9_999_991))),
        ["one whale among a hundred thousand"] = () => Each(i => Work(i, MiningMode.PPS, i == 77 ? Usdc.MaxMicro - Many : 1)),
    };

    /// <summary>One of the adversarial ledgers.</summary>
    /// <param name="name">One of <see cref="AdversarialNames"/>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public static EpochLedger Adversarial(string name) => Of(1, Extremes[name]());

    /// <summary>A ledger of an epoch, its jobs and proofs numbered in order.</summary>
    /// <param name="number">The epoch's number, from 1.</param>
    /// <param name="work">The entries.</param>
    public static EpochLedger Of(long number, IEnumerable<LedgerWork> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new($"epoch-{number}", number, Operations, [.. work.Select((one, i) => new LedgerEntry(
            CidOf($"job {number}.{i}"), CidOf($"proof {number}.{i}"), one.Miner, one.Mode, Usdc.FromMicro(one.Micro), 1_760_000_000_000 + i))]);
    }

    /// <summary>The same ledger with its entries in another order.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="seed">Chooses the order; the same seed gives the same order.</param>
    public static EpochLedger Shuffled(EpochLedger ledger, int seed)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var entries = ledger.Entries.ToArray();
        new Random(seed).Shuffle(entries);
        return ledger with { Entries = entries };
    }

    /// <summary>A payee named <c>label.eth</c>, with an address of its own.</summary>
    /// <param name="label">One or more labels, e.g. "alice" or "miner.alice".</param>
    /// <param name="salt">Another salt is another address of the same name.</param>
    public static Payee PayeeOf(string label, string salt = "") =>
        new(EnsName.Parse(label + ".eth"), new EthAddress(SHA256.HashData(Encoding.UTF8.GetBytes(label + salt)).AsSpan(0, 20)));

    private static IEnumerable<LedgerWork> Each(Func<int, LedgerWork> what) => Enumerable.Range(0, Many).Select(what);

    private static LedgerWork Work(int miner, MiningMode mode, long micro) => new(PayeeOf($"m{miner}"), mode, micro);

    private static Cid CidOf(string text) => Cid.OfBlock(Encoding.UTF8.GetBytes(text));
}

/// <summary>What a ledger's entry is about.</summary>
/// <param name="Miner">Who did it.</param>
/// <param name="Mode">In which mode.</param>
/// <param name="Micro">Its price in micro-USDC, 0 or more.</param>
public readonly record struct LedgerWork(Payee Miner, MiningMode Mode, long Micro);
