using Microsoft.Extensions.Options;
using PropSettlement;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Samples.Tests;

/// <summary>What PROP pays to whom; that it keeps the contract is the suite's business.</summary>
public sealed class PropRuleTests
{
    private const string Address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    [Theory]
    [InlineData("0.01", "fee 0.06, gift 0.01, a 0.976666, b 1.953334", 1_000_000, 2_000_000)]
    [InlineData("0.01", "fee 0, gift 0.000007, a 0, b 0", 3, 4)]
    [InlineData("0.000001", "fee 0.000001, gift 0.000001, a 0.000031, b 0.000017", 33, 17)]
    [InlineData("0", "fee 0.000001, a 0.000032, b 0.000017", 33, 17)]
    public void The_fee_comes_first_then_the_gift_and_the_rest_by_work_to_the_micro_unit(string gift, string paid, long a, long b) =>
        Assert.Equal(paid, Settle(new PropOptions { FeeTo = "fee.eth", GiftTo = gift == "0" ? "" : "gift.eth", GiftUsdc = gift }, ("a", a), ("b", b)));

    [Fact]
    public void How_much_is_published_with_the_name_and_whom_in_the_payees()
    {
        var policy = new PropPolicy(new PropOptions { FeeTo = "dev.eth", GiftTo = Address, GiftUsdc = "0.01" });
        Assert.Equal("PROP fee 2% gift 0.01 USDC", policy.Name);
        Assert.Equal([DeclaredPayee.Named(EnsName.Parse("dev.eth")), DeclaredPayee.At(EthAddress.Parse(Address))], policy.Payees);
        Assert.Empty(new PropPolicy(new PropOptions { FeePercent = 0, FeeTo = "dev.eth" }).Payees);
    }

    [Theory]
    [InlineData("fee_to is missing", "", "", "0")]
    [InlineData("gift_to is missing", "dev.eth", "", "0.01")]
    [InlineData("gift_usdc is '0.0000001'", "dev.eth", "gift.eth", "0.0000001")]
    [InlineData("has a wrong checksum", "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "", "0")]
    [InlineData("fee_to: 'nobody' is not a usable name", "nobody", "", "0")]
    [InlineData("stands for an address", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed.addr.reverse", "", "0")]
    [InlineData("a payee is declared once", Address, Address, "0.01")]
    public void What_is_wrong_with_the_options_is_said_at_the_start(string problem, string feeTo, string giftTo, string gift)
    {
        var result = new PropOptionsCheck().Validate(Options.DefaultName, new PropOptions { FeeTo = feeTo, GiftTo = giftTo, GiftUsdc = gift });
        Assert.Contains(problem, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    private static string Settle(PropOptions options, params (string Miner, long Micro)[] work)
    {
        var policy = new PropPolicy(options);
        var ledger = Ledgers.Of(1, work.Select(one => new LedgerWork(Ledgers.PayeeOf(one.Miner), MiningMode.PPS, one.Micro))) with
        {
            Declared = [.. policy.Payees.Select(payee => new Payee(payee.Name, Ledgers.PayeeOf(payee.Name.Text).Address))],
        };
        var settlement = policy.Settle(ledger, "").Settlement;
        return string.Join(", ", settlement.Declared.Concat(settlement.Miners).Select(payout => $"{payout.To.Name.Text[..^4]} {payout.Amount}"));
    }
}
