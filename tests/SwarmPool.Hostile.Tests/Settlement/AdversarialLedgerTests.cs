using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Settlement;
using SwarmPool.Identity;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Hostile.Tests.Settlement;

/// <summary>Ledgers of the sizes that an adversary would choose, through the check that every settlement passes.</summary>
public sealed class AdversarialLedgerTests(ITestOutputHelper output)
{
    private const int Many = 100_000;

    public static TheoryData<string> Names => [.. Ledgers.Keys];

    // The whole of an epoch is at most what one amount may be, 10^15 micro-USDC; each of these comes as near as its shape lets it.
    private static Dictionary<string, Func<IEnumerable<(int Miner, MiningMode Mode, long Micro)>>> Ledgers { get; } = new(StringComparer.Ordinal)
    {
        ["one micro-unit, SOLO"] = () => [(0, MiningMode.SOLO, 1)],
        ["one micro-unit, PPS"] = () => [(0, MiningMode.PPS, 1)],
        ["all the money there may be, SOLO"] = () => [(0, MiningMode.SOLO, Usdc.MaxMicro)],
        ["all the money there may be, PPS"] = () => [(0, MiningMode.PPS, Usdc.MaxMicro)],
        ["all but one micro-unit against one"] = () => [(0, MiningMode.PPS, Usdc.MaxMicro - 1), (1, MiningMode.PPS, 1)],
        ["a hundred thousand miners, a micro-unit each, SOLO"] = () => Each(_ => (MiningMode.SOLO, 1)),
        ["a hundred thousand miners, a micro-unit each, PPS"] = () => Each(_ => (MiningMode.PPS, 1)),
        ["a hundred thousand miners share all the money"] = () => Each(_ => (MiningMode.PPS, Usdc.MaxMicro / Many)),
        ["a hundred thousand miners, no two alike"] = () => Each(i => (i % 3 == 0 ? MiningMode.SOLO : MiningMode.PPS, 1 + (i * 97L * i % 9_999_991))),
        ["one whale among a hundred thousand"] = () => Each(i => (MiningMode.PPS, i == 77 ? Usdc.MaxMicro - Many : 1)),
        ["one miner, a hundred thousand jobs"] = () => Each(i => (i % 2 == 0 ? MiningMode.SOLO : MiningMode.PPS, 1 + (i % 3))).Select(e => (0, e.Mode, e.Micro)),
        ["seven share a dollar"] = () => Each(_ => (MiningMode.PPS, 142_857)).Take(7),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sums_are_exact_nobody_is_negative_and_the_order_does_not_matter(string name)
    {
        var ledger = Ledger(Ledgers[name]());
        var volume = ledger.Entries.Aggregate(Int128.Zero, (sum, e) => sum + e.Price.Micro);
        var watch = Stopwatch.StartNew();
        var settled = await SettleAsync(ledger);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ledger.Entries.Count} entries, {volume} micro-USDC: settled and checked in {watch.ElapsedMilliseconds} ms"));

        var settlement = settled.Outcome!.Settlement;
        Assert.Equal(volume, settlement.Miners.Aggregate((Int128)settlement.Operations.Micro, (sum, p) => sum + p.Amount.Micro));
        Assert.All(settlement.Miners, payout => Assert.InRange(payout.Amount.Micro, 0, (long)volume));
        Assert.InRange((Int128)settlement.Operations.Micro * 4, volume, volume + (4 * (ledger.Entries.Count + 1)));

        var entries = ledger.Entries.ToArray();
        new Random(25).Shuffle(entries);
        var shuffled = (await SettleAsync(ledger with { Entries = entries })).Outcome!.Settlement;
        Assert.Equal(settlement.Operations, shuffled.Operations);
        Assert.Equal(settlement.Miners, shuffled.Miners);
    }

    [Fact]
    public async Task More_money_than_there_may_be_leaves_the_epoch_unsettled_and_says_so()
    {
        foreach (var miners in new[] { 2, 9_300, Many })
        {
            var verdict = await SettleAsync(Ledger(Each(_ => (MiningMode.PPS, Usdc.MaxMicro)).Take(miners)));
            Assert.Null(verdict.Outcome);
            Assert.Contains(verdict.Refusal!.Code, new[] { ErrorCodes.SettlementSum, ErrorCodes.PolicyThrew });
        }
    }

    private static IEnumerable<(int Miner, MiningMode Mode, long Micro)> Each(Func<int, (MiningMode Mode, long Micro)> what) =>
        Enumerable.Range(0, Many).Select(i => (i, what(i).Mode, what(i).Micro));

    private static EpochLedger Ledger(IEnumerable<(int Miner, MiningMode Mode, long Micro)> entries) =>
        new("epoch-7", 7, PayeeOf("operations"), [.. entries.Select((e, i) => new LedgerEntry(
            CidOf($"job {i}"), CidOf($"proof {i}"), PayeeOf($"m{e.Miner}"), e.Mode, Usdc.FromMicro(e.Micro), 1_760_000_000_000 + i))]);

    private static Cid CidOf(string text) => Cid.OfBlock(Encoding.UTF8.GetBytes(text));

    private static Payee PayeeOf(string label) =>
        new(EnsName.Parse(label + ".eth"), new EthAddress(SHA256.HashData(Encoding.UTF8.GetBytes(label)).AsSpan(0, 20)));

    private static async Task<SettlementVerdict> SettleAsync(EpochLedger ledger)
    {
        var builder = SwarmPoolBuilder.Create();
        builder.UseSettlement7525();
        using var host = builder.Build();
        return await PolicySettlement.SettleAsync(
            host.Services.GetRequiredService<ISettlementPolicy>(), ledger, "", TimeSpan.FromSeconds(60), TimeProvider.System, TaskScheduler.Default, CancellationToken.None);
    }
}
