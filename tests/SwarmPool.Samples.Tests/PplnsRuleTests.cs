using System.Text;
using CustomSettlement;
using Microsoft.Extensions.Options;
using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Samples.Tests;

/// <summary>What PPLNS pays to whom; that it keeps the contract is the suite's business.</summary>
public sealed class PplnsRuleTests
{
    private const long Usd = Usdc.MicroPerUnit;
    private string state = "";
    private IReadOnlyList<Payee> earlier = [];

    [Fact]
    public void Who_left_is_paid_until_its_shares_leave_the_window()
    {
        Assert.Equal("a 75", Settle(1, ("a", 100)));
        Assert.Equal("a 37.5, b 37.5", Settle(2, ("b", 100)));
        // 150 shares: the last hundred of c's, fifty of b's hundred; a is out of it.
        Assert.Equal("b 25, c 50", Settle(3, 150, ("c", 100)));
    }

    [Fact]
    public void A_hopper_gains_nothing_by_coming_for_the_rich_epoch()
    {
        for (var number = 1; number <= 9; number++)
        {
            Settle(number, ("steady", 100));
        }

        // Half of this epoch's work is the hopper's; of the thousand in the window it is a tenth.
        Assert.Equal("hopper 15, steady 135", Settle(10, ("hopper", 100), ("steady", 100)));
    }

    [Fact]
    public void The_state_says_in_plain_text_what_is_carried_and_only_what_a_later_epoch_can_reach()
    {
        Settle(1, 150, ("a", 100));
        Settle(2, 150, ("b", 100));
        Settle(3, 150, ("c", 100));
        Assert.StartsWith("pplns/1\nepoch 3\nc.eth 0x", state, StringComparison.Ordinal);
        Assert.Contains("\nepoch 2\n", state, StringComparison.Ordinal);
        Assert.DoesNotContain("\nepoch 1\n", state, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_that_does_not_fit_forgets_the_oldest_epoch_first_and_the_smallest_shares_of_one()
    {
        var crowd = Enumerable.Range(0, 1_000).Select(i => ($"miner-{i:D4}", 1L + (i % 500))).ToArray();
        Settle(1, 1_000_000, ("a", 100));
        Settle(2, 1_000_000, crowd);
        Assert.InRange(Encoding.UTF8.GetByteCount(state), ShareWindow.MaxBytes - 100, ShareWindow.MaxBytes);
        Assert.DoesNotContain("\nepoch 1\n", state, StringComparison.Ordinal);
        Assert.Contains("miner-0499.eth", state, StringComparison.Ordinal);
        Assert.Contains("miner-0999.eth", state, StringComparison.Ordinal);
        Assert.DoesNotContain("miner-0000.eth", state, StringComparison.Ordinal);
        Assert.DoesNotContain("miner-0500.eth", state, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_another_rule_begins_an_empty_window_and_a_broken_one_is_refused()
    {
        state = "{\"rounds\":3}";
        Assert.Equal("a 75", Settle(1, ("a", 100)));
        state = "pplns/1\nepoch 1\na.eth 0x12 5\n";
        Assert.Throws<FormatException>(() => Settle(2, ("a", 100)));
    }

    [Fact]
    public void The_choices_are_published_with_the_name_and_checked()
    {
        Assert.Equal("PPLNS 75% of 1000 USDC", new PplnsPolicy(new PplnsOptions()).Name);
        var wrong = new PplnsOptionsCheck().Validate(Options.DefaultName, new PplnsOptions { WindowUsdc = 0, MinerPercent = 101 });
        Assert.Equal(2, wrong.Failures!.Count());
    }

    private string Settle(long number, params (string Miner, long Usdc)[] work) => Settle(number, 1_000, work);

    private string Settle(long number, long window, params (string Miner, long Usdc)[] work)
    {
        var ledger = Ledgers.Of(number, work.Select(one => new LedgerWork(Ledgers.PayeeOf(one.Miner), MiningMode.PPS, one.Usdc * Usd))) with { Earlier = earlier };
        var outcome = new PplnsPolicy(new PplnsOptions { WindowUsdc = window }).Settle(ledger, state);
        state = outcome.PolicyState;
        earlier = [.. outcome.Settlement.Miners.Select(payout => payout.To)];
        return string.Join(", ", outcome.Settlement.Miners.Where(payout => payout.Amount > Usdc.Zero).Select(payout => $"{payout.To.Name.Text[..^4]} {payout.Amount}"));
    }
}
