using CsCheck;
using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Settlement7525.Tests;

public sealed class Settlement7525Properties
{
    [Fact]
    public void Every_micro_of_the_volume_is_paid_and_none_twice() => Ledgers.Any.Sample(ledger =>
    {
        var settlement = Settle(ledger).Settlement;
        Assert.Equal(Ledgers.Volume(ledger), Ledgers.Sum(settlement.Miners.Select(p => p.Amount)) + settlement.Operations.Micro);
    });

    /// <summary>Whatever checks are worth, they come out of the operations' quarter: miners get what they got, and the sum stays the volume.</summary>
    [Fact]
    public void With_checkers_paid_every_micro_of_the_volume_is_still_paid_and_none_of_the_miners() =>
        Gen.Select(Ledgers.Any, Gen.Select(Gen.Int[0, 9], Gen.OneOf(Gen.Long[0, 5], Gen.Long[0, 1_000_000_000])).Array[0, 50]).Sample((ledger, fees) =>
        {
            CheckEntry[] checks = [.. fees.Select((fee, i) => new CheckEntry(ledger.Entries[0].Job, ledger.Entries[fee.Item1 % ledger.Entries.Count].Miner, Usdc.FromMicro(fee.Item2), i))];
            var settlement = Settle(ledger with { Checks = checks }).Settlement;
            var paid = CheckFees.Apply(checks, settlement.Operations);
            Assert.Equal(Settle(ledger).Settlement.Miners, settlement.Miners);
            Assert.Equal(
                Ledgers.Volume(ledger), Ledgers.Sum(settlement.Miners.Select(p => p.Amount)) + Ledgers.Sum(paid.Checkers.Select(p => p.Amount)) + paid.Operations.Micro);
        });

    [Fact]
    public void The_order_of_the_ledger_does_not_matter() =>
        Gen.Select(Ledgers.Any, Gen.Int).Sample((ledger, seed) =>
        {
            var entries = ledger.Entries.ToArray();
            new Random(seed).Shuffle(entries);
            var other = Settle(ledger with { Entries = entries }).Settlement;
            var one = Settle(ledger).Settlement;
            Assert.Equal(one.Operations, other.Operations);
            Assert.Equal(one.Miners, other.Miners);
        });

    [Fact]
    public void Everybody_who_worked_is_listed_once_in_the_order_of_name_and_address() => Ledgers.Any.Sample(ledger =>
    {
        var expected = ledger.Entries.Select(e => e.Miner).Distinct()
            .OrderBy(p => p.Name.Text, StringComparer.Ordinal).ThenBy(p => p.Address.ToString(), StringComparer.Ordinal);
        Assert.Equal(expected, Settle(ledger).Settlement.Miners.Select(p => p.To));
    });

    /// <summary>The bounds of the rule, computed another way than the policy does: no pot, no remainders.</summary>
    [Fact]
    public void Nobody_gets_more_or_less_than_the_rule_says() => Ledgers.Any.Sample(ledger =>
    {
        var ppsVolume = Ledgers.Sum(ledger.Entries.Where(e => e.Mode == MiningMode.PPS).Select(e => e.Price));
        foreach (var payout in Settle(ledger).Settlement.Miners)
        {
            var own = ledger.Entries.Where(e => e.Miner == payout.To).ToArray();
            var solo = own.Where(e => e.Mode == MiningMode.SOLO).Aggregate(Int128.Zero, (sum, e) => sum + ((Int128)e.Price.Micro * 3 / 4));
            var work = Ledgers.Sum(own.Where(e => e.Mode == MiningMode.PPS).Select(e => e.Price));
            var floor = work == 0 ? 0 : (ppsVolume * 3 / 4) * work / ppsVolume;
            Assert.InRange((Int128)payout.Amount.Micro, solo + floor, solo + floor + (work == 0 ? 0 : 1));
        }
    });

    [Fact]
    public void Operations_get_a_quarter_and_less_than_a_micro_more_for_each_solo_job_and_the_pot() => Ledgers.Any.Sample(ledger =>
    {
        var roundings = ledger.Entries.Count(e => e.Mode == MiningMode.SOLO) + 1;
        var fourTimes = (Int128)Settle(ledger).Settlement.Operations.Micro * 4;
        Assert.InRange(fourTimes, Ledgers.Volume(ledger), Ledgers.Volume(ledger) + (4 * roundings) - 1);
    });

    private static SettlementOutcome Settle(EpochLedger ledger) => Composed.Policy.Settle(ledger, "");
}
