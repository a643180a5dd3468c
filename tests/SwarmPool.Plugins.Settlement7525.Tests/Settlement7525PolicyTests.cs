using SwarmPool.Settlement;
using static SwarmPool.Settlement.MiningMode;

namespace SwarmPool.Plugins.Settlement7525.Tests;

public sealed class Settlement7525PolicyTests
{
    [Fact]
    public void The_readmes_worked_example_is_what_the_policy_pays()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        var rows = readme.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        var work = rows.Where(r => r.Length == 3 && r[0].EndsWith(".eth", StringComparison.Ordinal)).ToArray();
        var ledger = Ledgers.Of([.. work.Select(r => (r[0][..^4], Enum.Parse<MiningMode>(r[1]), long.Parse(r[2])))]);

        var settlement = Composed.Policy.Settle(ledger, "").Settlement;

        var expected = rows.Where(r => r.Length == 2 && r[0] != "payee").Select(r => $"{r[0]} {r[1]}");
        var actual = settlement.Miners.Select(p => $"{p.To.Name} {p.Amount.Micro}").Append($"operations {settlement.Operations.Micro}");
        Assert.Equal(7, work.Length);
        Assert.Equal(expected, actual);
        Assert.Contains($"Sum: {Ledgers.Volume(ledger)}, the volume.", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_and_plugin_folder_fill_the_slot_with_the_same_rule()
    {
        var plugin = Composed.ByPlugin();
        Assert.Equal(("75/25", "1.0.0"), (plugin.Name, plugin.Version));
        Assert.Equal(Composed.ByCode().GetType(), plugin.GetType());
    }

    [Fact]
    public void An_epoch_without_work_pays_nobody()
    {
        var settlement = Composed.Policy.Settle(Ledgers.Of(), "").Settlement;
        Assert.Empty(settlement.Miners);
        Assert.Equal(Usdc.Zero, settlement.Operations);
    }

    [Fact]
    public void A_miner_of_both_modes_gets_one_payout()
    {
        var outcome = Composed.Policy.Settle(Ledgers.Of(("a", SOLO, 100), ("a", PPS, 100)), "");
        Assert.Equal(150, Assert.Single(outcome.Settlement.Miners).Amount.Micro);
    }

    [Fact]
    public void One_name_with_two_addresses_is_two_payees()
    {
        var ledger = Ledgers.Of(("a", PPS, 100), ("a", PPS, 100));
        var moved = ledger.Entries[1] with { Miner = ledger.Entries[1].Miner with { Address = Ledgers.Payee("b").Address } };
        var outcome = Composed.Policy.Settle(ledger with { Entries = [ledger.Entries[0], moved] }, "");
        Assert.Equal([75L, 75L], outcome.Settlement.Miners.Select(p => p.Amount.Micro));
    }

    [Fact]
    public void Equal_remainders_are_decided_by_name_then_address()
    {
        // A pot of 3 for four equal shares: every remainder is 3/4, and three of the four get a micro.
        var outcome = Composed.Policy.Settle(Ledgers.Of(("d", PPS, 1), ("c", PPS, 1), ("b", PPS, 1), ("a", PPS, 1)), "");
        Assert.Equal([1L, 1L, 1L, 0L], outcome.Settlement.Miners.Select(p => p.Amount.Micro));
        Assert.Equal("a.eth", outcome.Settlement.Miners[0].To.Name.Text);
    }

    [Fact]
    public void The_policy_state_is_always_empty() =>
        Assert.Equal("", Composed.Policy.Settle(Ledgers.Of(("a", PPS, 1)), "whatever came before").PolicyState);

    [Fact]
    public void A_hundred_thousand_miners_and_nearly_all_that_an_amount_can_hold_settle_exactly()
    {
        var ledger = Ledgers.Of([.. Enumerable.Range(0, 100_000).Select(i => ($"m{i}", i % 2 == 0 ? PPS : SOLO, 92_000_000_000_000L + i))]);
        var settlement = Composed.Policy.Settle(ledger, "").Settlement;
        Assert.Equal(100_000, settlement.Miners.Count);
        Assert.Equal(Ledgers.Volume(ledger), Ledgers.Sum(settlement.Miners.Select(p => p.Amount)) + settlement.Operations.Micro);
    }

    [Fact]
    public void A_volume_that_no_amount_can_hold_is_refused_not_wrapped()
    {
        var ledger = Ledgers.Of([.. Enumerable.Range(0, 9_300).Select(i => ($"m{i % 10}", PPS, Usdc.MaxMicro))]);
        var error = Assert.Throws<OverflowException>(() => Composed.Policy.Settle(ledger, ""));
        Assert.Contains("9300000000000000000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_that_the_rule_does_not_know_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Composed.Policy.Settle(Ledgers.Of(("a", (MiningMode)7, 1)), ""));
}
