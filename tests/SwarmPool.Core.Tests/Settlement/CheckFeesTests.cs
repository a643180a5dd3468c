using CsCheck;
using SwarmPool.Core.Settlement;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Core.Tests.Settlement;

/// <summary>Checkers are paid out of the operations' part, to the micro-unit, and nobody else's.</summary>
public sealed class CheckFeesTests
{
    private static readonly Gen<CheckEntry[]> Checks =
        Gen.Select(Gen.Int[0, 5], Gen.OneOf(Gen.Long[0, 9], Gen.Long[0, 1_000_000], Gen.Long[0, Usdc.MaxMicro / 100])).Array[0, 60]
            .Select(all => all.Select((one, i) => new CheckEntry(Messages.AnyCid($"job {i}"), PayeeOf(one.Item1), Usdc.FromMicro(one.Item2), i)).ToArray());

    [Fact]
    public void What_checkers_get_and_operations_keep_is_what_the_policy_gave_operations() =>
        Gen.Select(Checks, Gen.OneOf(Gen.Long[0, 100], Gen.Long[0, Usdc.MaxMicro])).Sample((checks, operations) =>
        {
            var paid = CheckFees.Apply(checks, Usdc.FromMicro(operations));
            Assert.Equal(operations, paid.Operations.Micro + paid.Checkers.Sum(payout => payout.Amount.Micro));
            var fees = checks.Sum(check => check.Fee.Micro);
            Assert.Equal(Math.Max(0, operations - fees), paid.Operations.Micro);
            foreach (var payout in paid.Checkers)
            {
                // In proportion, rounded to one side or the other, and never more than the fees.
                Int128 own = checks.Where(check => check.Checker == payout.To).Sum(check => check.Fee.Micro);
                var exact = fees <= operations ? own : own * operations / fees;
                Assert.InRange((Int128)payout.Amount.Micro, Int128.Max(1, exact), Int128.Min(own, exact + 1));
            }

            Assert.Equal(paid.Checkers.Select(payout => payout.To).Distinct(), paid.Checkers.Select(payout => payout.To));
            if (fees <= operations)
            {
                Assert.Equal(checks.Where(check => check.Fee > Usdc.Zero).Select(check => check.Checker).Distinct().Count(), paid.Checkers.Count);
            }
        });

    [Fact]
    public void The_order_of_the_checks_does_not_matter() => Gen.Select(Checks, Gen.Long[0, 1_000_000], Gen.Int).Sample((checks, operations, seed) =>
    {
        var other = checks.ToArray();
        new Random(seed).Shuffle(other);
        var (one, two) = (CheckFees.Apply(checks, Usdc.FromMicro(operations)), CheckFees.Apply(other, Usdc.FromMicro(operations)));
        Assert.Equal(one.Operations, two.Operations);
        Assert.Equal(one.Checkers, two.Checkers);
    });

    [Fact]
    public void Where_operations_get_less_than_the_fees_all_fees_are_cut_alike_and_the_rest_goes_by_order()
    {
        CheckEntry[] checks = [Check(1, 10), Check(2, 10), Check(0, 10), Check(3, 0)];
        var paid = CheckFees.Apply(checks, Usdc.FromMicro(11));
        Assert.Equal(0, paid.Operations.Micro);
        Assert.Equal([(PayeeOf(0), 4L), (PayeeOf(1), 4L), (PayeeOf(2), 3L)], paid.Checkers.Select(payout => (payout.To, payout.Amount.Micro)));
        Assert.Empty(CheckFees.Apply(checks, Usdc.Zero).Checkers);
        Assert.Equal([(PayeeOf(0), 1L)], CheckFees.Apply(checks, Usdc.FromMicro(1)).Checkers.Select(payout => (payout.To, payout.Amount.Micro)));
    }

    [Fact]
    public void An_epoch_that_pays_checkers_otherwise_is_told_from_one_that_does_not()
    {
        var ledger = new EpochLedger("epoch-1", 1, PayeeOf(9), []) { Checks = [Check(0, 10), Check(1, 20)] };
        Assert.Null(CheckFees.Check(ledger, Usdc.FromMicro(70), [Item(0, 10), Item(1, 20)]));
        foreach (var wrong in new[] { [], [Item(1, 20)], [Item(0, 11), Item(1, 19)], [Item(1, 20), Item(0, 10)], [Item(0, 10), Item(1, 20), Item(2, 1)], new[] { Item(0, 10), Item(0, 20) } })
        {
            Assert.Equal(ErrorCodes.CheckersPaid, CheckFees.Check(ledger, Usdc.FromMicro(70), wrong)!.Code);
        }

        // Cut, where there was enough to pay them.
        Assert.NotNull(CheckFees.Check(ledger, Usdc.FromMicro(1), [Item(0, 9), Item(1, 19)]));
        Assert.Null(CheckFees.Check(ledger, Usdc.Zero, [Item(0, 5), Item(1, 10)]));
    }

    private static CheckEntry Check(int checker, long micro) => new(Messages.AnyCid($"a job of {checker}"), PayeeOf(checker), Usdc.FromMicro(micro), 1);

    private static Snapshots.PayoutItem Item(int checker, long micro) => new(PayeeOf(checker).Name, PayeeOf(checker).Address, Usdc.FromMicro(micro));

    private static Payee PayeeOf(int number) => new(EnsName.Parse($"checker{number}.eth"), new EthAddress([.. Enumerable.Repeat((byte)(9 - number), 20)]));
}
