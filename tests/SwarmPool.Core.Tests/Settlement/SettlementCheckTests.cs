using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using static SwarmPool.Core.Tests.Support.WrongPolicies;

namespace SwarmPool.Core.Tests.Settlement;

/// <summary>What is checked of an outcome, whoever made it. How a policy is run and what comes of its faults: PolicySettlementTests of the runtime.</summary>
public sealed class SettlementCheckTests
{
    private static readonly EpochLedger Ledger = Ledgers.Of(("a", 5), ("b", 200), ("c", 301), ("a", 1), ("d", 7));

    [Fact]
    public void A_right_outcome_passes()
    {
        Assert.Null(Check(new HalfPolicy()));
        Assert.Null(Check(new HalfPolicy(), Ledgers.Of()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_wrong_sum_is_refused(int by) =>
        Refused(ErrorCodes.SettlementSum, new Bends((_, o) => WithOperations(o, o.Settlement.Operations.Micro + by)));

    [Fact]
    public void A_sum_that_wraps_around_is_refused()
    {
        // The operations get the whole volume; 2^63-1 + 2^63-1 + 2 more is 0 in 64 bits.
        static SettlementOutcome Bend(EpochLedger ledger, SettlementOutcome o) => WithMiners(
            WithOperations(o, Ledger.Volume.Micro),
            [new(Ledgers.Payee("a"), Usdc.FromMicro(long.MaxValue)), new(Ledgers.Payee("b"), Usdc.FromMicro(long.MaxValue)), new(Ledgers.Payee("c"), Usdc.FromMicro(2))]);
        Refused(ErrorCodes.SettlementSum, new Bends(Bend));
    }

    [Fact]
    public void Who_is_declared_may_be_paid_and_counts_in_the_sum()
    {
        var ledger = Ledger with { Declared = [Ledgers.Payee("fee"), Ledgers.Payee("gift")] };
        Assert.Null(Check(new Bends((_, o) => WithDeclared(o, ("gift", 7), ("fee", 3))), ledger));
        Assert.Null(Check(new Bends((_, o) => WithDeclared(o, ("fee", 3))), ledger));
        Assert.Equal(ErrorCodes.SettlementSum, Check(new Bends((_, o) => WithDeclared(o, ("fee", 3)) with { Settlement = WithDeclared(o, ("fee", 3)).Settlement with { Operations = o.Settlement.Operations } }), ledger)?.Code);
    }

    [Fact]
    public void Who_is_not_declared_or_twice_there_is_refused()
    {
        var ledger = Ledger with { Declared = [Ledgers.Payee("fee")] };
        Assert.Equal(ErrorCodes.PayeeUndeclared, Check(new Bends((_, o) => WithDeclared(o, ("friend", 3))), ledger)?.Code);
        Assert.Equal(ErrorCodes.PayeeUndeclared, Check(new Bends((_, o) => WithDeclared(o, ("fee", 3), ("fee", 4))), ledger)?.Code);
        Assert.Equal(ErrorCodes.PayeeUndeclared, Check(new Bends((_, o) => o with { Settlement = o.Settlement with { Declared = [null!] } }), ledger)?.Code);
        Assert.Equal(ErrorCodes.PayeeUndeclared, Check(new Bends((_, o) => WithDeclared(o, ("a", 3))), Ledger)?.Code); // A miner, but not declared.
        Assert.Equal(ErrorCodes.SettlementPayee, Check(new Bends((_, o) => WithMiners(o, [.. o.Settlement.Miners, new(Ledgers.Payee("fee"), Usdc.Zero)])), ledger)?.Code);
    }

    private static SettlementOutcome WithDeclared(SettlementOutcome o, params (string Name, long Micro)[] paid) => o with
    {
        Settlement = o.Settlement with
        {
            Operations = Usdc.FromMicro(o.Settlement.Operations.Micro - paid.Sum(static one => one.Micro)),
            Declared = [.. paid.Select(static one => new Payout(Ledgers.Payee(one.Name), Usdc.FromMicro(one.Micro)))],
        },
    };

    [Fact]
    public void An_unknown_payee_is_refused() =>
        Refused(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(o, [.. o.Settlement.Miners.SkipLast(1), o.Settlement.Miners[^1] with { To = Ledgers.Payee("thief") }])));

    [Fact]
    public void A_known_name_at_another_address_is_refused() =>
        Refused(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(
            o, [o.Settlement.Miners[0] with { To = Ledgers.Payee("a") with { Address = Ledgers.Address("thief") } }, .. o.Settlement.Miners.Skip(1)])));

    [Fact]
    public void A_payee_twice_is_refused()
    {
        var refusal = Refused(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(
            WithOperations(o, o.Settlement.Operations.Micro - o.Settlement.Miners[0].Amount.Micro), [o.Settlement.Miners[0], .. o.Settlement.Miners])));
        Assert.Contains("paid twice", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsorted_payees_are_refused()
    {
        var refusal = Refused(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(o, [.. o.Settlement.Miners.Reverse()])));
        Assert.Contains("out of the order", refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", 32 * 1024 + 1)]
    [InlineData("é", 16 * 1024 + 1)]
    public void An_oversized_state_is_refused(string text, int times) =>
        Refused(ErrorCodes.PolicyStateTooLarge, new Bends((_, o) => o with { PolicyState = string.Concat(Enumerable.Repeat(text, times)) }));

    [Fact]
    public void A_state_that_is_not_Unicode_is_refused() =>
        Refused(ErrorCodes.PolicyStateTooLarge, new Bends((_, o) => o with { PolicyState = "\ud800" }));

    [Fact]
    public void A_state_of_exactly_the_limit_passes() =>
        Assert.Null(Check(new Bends((_, o) => o with { PolicyState = new string('x', 32 * 1024) })));

    [Fact]
    public void A_payout_of_null_is_refused() => Refused(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(o, [null!])));

    [Fact]
    public void An_endless_list_of_payouts_is_refused() =>
        Refused(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(o, new Endless(o.Settlement.Miners[0]))));

    [Fact]
    public void A_volume_that_can_not_be_published_is_refused() =>
        Refused(ErrorCodes.SettlementSum, new HalfPolicy(), Ledgers.Of(("a", Usdc.MaxMicro), ("b", 1)));

    private static Refusal? Check(HalfPolicy policy, EpochLedger? ledger = null) =>
        SettlementCheck.Check(ledger ?? Ledger, policy.Settle(ledger ?? Ledger, "before"));

    private static Refusal Refused(string code, HalfPolicy policy, EpochLedger? ledger = null)
    {
        var refusal = Check(policy, ledger);
        Assert.Equal(code, refusal?.Code);
        Assert.StartsWith("epoch-7: ", refusal!.Reason, StringComparison.Ordinal);
        return refusal;
    }
}
