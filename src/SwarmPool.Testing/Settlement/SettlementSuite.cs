using System.Globalization;
using System.Text;
using CsCheck;
using SwarmPool.Settlement;

namespace SwarmPool.Testing.Settlement;

/// <summary>
/// The contract of <see cref="ISettlementPolicy"/> as tests: sums exact to the micro-USDC over any ledger, nobody paid twice or unknown,
/// and a pure function: of the ledger's set of entries and the policy state, of nothing else.
/// </summary>
/// <remarks>
/// Inherit it in a public class and override <see cref="Make"/>. What the rule pays to whom is not the suite's business: test that beside it.
/// </remarks>
public abstract class SettlementSuite
{
    private const int MaxStateBytes = 32 * 1024;

    /// <summary>How many random ledgers each property is held to, default 100.</summary>
    protected virtual int Samples => 100;

    /// <summary>The most that one settlement of a hundred thousand entries may take; it bounds failure only; default 60 seconds.</summary>
    protected virtual TimeSpan TimeLimit => TimeSpan.FromSeconds(60);

    /// <summary>The adversarial ledgers, by name.</summary>
    public static TheoryData<string> AdversarialLedgers => [.. Ledgers.AdversarialNames];

    /// <summary>Makes a policy as a new process would: nothing of an earlier one is left in it.</summary>
    protected abstract ISettlementPolicy Make();

    [Fact]
    public void Name_and_version_can_be_published_and_stay()
    {
        var (one, two) = (Make(), Make());
        foreach (var text in new[] { one.Name, one.Version })
        {
            Assert.InRange(text.Length, 1, 64);
            Assert.All(text, c => Assert.InRange(c, ' ', '~'));
        }

        Assert.Equal((one.Name, one.Version), (two.Name, two.Version));
        Assert.Equal((one.Name, one.Version), (one.Name, one.Version));
    }

    [Fact]
    public void An_epoch_without_work_pays_nothing()
    {
        var policy = Make();
        var outcome = policy.Settle(Ledgers.Of(1, []), "");
        Assert.Equal(Usdc.Zero, outcome.Settlement.Operations);
        Assert.All(outcome.Settlement.Miners, payout => Assert.Equal(Usdc.Zero, payout.Amount));
        CheckRules(Ledgers.Of(1, []), outcome);
        var later = policy.Settle(Ledgers.Of(2, [new(Ledgers.PayeeOf("a"), MiningMode.PPS, 100)]), outcome.PolicyState);
        CheckRules(Ledgers.Of(2, [new(Ledgers.PayeeOf("a"), MiningMode.PPS, 100)]), later);
    }

    [Fact]
    public void Every_micro_unit_is_paid_once_to_somebody_who_is_known() => Ledgers.Any.Sample(
        ledger => CheckRules(ledger, Make().Settle(ledger, "")), iter: Samples, threads: 1);

    [Theory]
    [MemberData(nameof(AdversarialLedgers))]
    public async Task Every_micro_unit_is_paid_once_at_an_adversarys_sizes(string ledger)
    {
        var entries = Ledgers.Adversarial(ledger);
        var settling = Task.Factory.StartNew(() => Make().Settle(entries, ""), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        CheckRules(entries, await settling.WaitAsync(TimeLimit));
    }

    [Fact]
    public void The_order_of_the_ledger_does_not_matter() => Gen.Select(Ledgers.Any, Gen.Int).Sample(
        (ledger, seed) =>
        {
            var policy = Make();
            CheckSame(policy.Settle(ledger, ""), policy.Settle(Ledgers.Shuffled(ledger, seed), ""));
        },
        iter: Samples,
        threads: 1);

    [Fact]
    public void The_same_arguments_give_the_same_outcome_whatever_was_settled_between() => Gen.Select(Ledgers.Any, Ledgers.Any).Sample(
        (ledger, other) =>
        {
            var policy = Make();
            var first = policy.Settle(ledger, "");
            policy.Settle(other, "");
            CheckSame(first, policy.Settle(ledger, ""));
            CheckSame(first, Make().Settle(ledger, ""));
        },
        iter: Samples,
        threads: 1);

    [Fact]
    public async Task Many_may_settle_at_once()
    {
        var policy = Make();
        var ledgers = Ledgers.AdversarialNames.Take(7).Select(Ledgers.Adversarial).ToArray();
        var alone = ledgers.Select(ledger => Make().Settle(ledger, "")).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), (i, _) =>
        {
            CheckSame(alone[i % ledgers.Length], policy.Settle(ledgers[i % ledgers.Length], ""));
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>A pool's months: the state goes from epoch to epoch, through restarts, and is all that does.</summary>
    [Fact]
    public void The_state_carries_from_epoch_to_epoch_through_restarts() => Ledgers.Any.Array[12].Sample(
        epochs =>
        {
            var lasting = Make();
            var (state, other) = ("", "");
            for (var i = 0; i < epochs.Length; i++)
            {
                var ledger = epochs[i] with { EpochId = $"epoch-{i + 1}", Number = i + 1 };
                var one = lasting.Settle(ledger, state);
                var two = Make().Settle(Ledgers.Shuffled(ledger, i), other);
                CheckRules(ledger, one);
                CheckSame(one, two);
                (state, other) = (one.PolicyState, two.PolicyState);
            }
        },
        iter: Math.Max(1, Samples / 10),
        threads: 1);

    /// <summary>However many miners come and go, the state stays within what is published.</summary>
    [Fact]
    public void The_state_stays_within_its_limit_over_many_epochs_of_many_miners()
    {
        var state = "";
        for (var number = 1; number <= 30; number++)
        {
            var ledger = Ledgers.Of(number, Enumerable.Range(0, 400).Select(i => new LedgerWork(
                Ledgers.PayeeOf($"a-rather-long-name-of-a-miner-{number}-{i}.of-a-long-domain-name"), i % 2 == 0 ? MiningMode.PPS : MiningMode.SOLO, 1_000_003 + i)));
            var outcome = Make().Settle(ledger, state);
            CheckRules(ledger, outcome);
            state = outcome.PolicyState;
        }
    }

    [Fact]
    public void The_ledger_is_only_read()
    {
        var ledger = Ledgers.Adversarial("seven share a dollar");
        var entries = ledger.Entries.ToArray();
        var copy = entries.ToArray();
        CheckSame(Make().Settle(ledger, ""), Make().Settle(ledger with { Entries = Array.AsReadOnly(entries) }, ""));
        Make().Settle(ledger with { Entries = entries }, "");
        Assert.Equal(copy, entries);
    }

    [Fact]
    public void The_culture_of_the_machine_does_not_matter()
    {
        var ledger = Ledgers.Adversarial("seven share a dollar");
        var expected = Make().Settle(ledger, Make().Settle(ledger, "").PolicyState);
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (odd.NumberFormat.NumberDecimalSeparator, odd.NumberFormat.NumberGroupSeparator, odd.NumberFormat.NegativeSign) = (",", ".", "~");
        try
        {
            CultureInfo.CurrentCulture = odd;
            CheckSame(expected, Make().Settle(ledger, Make().Settle(ledger, "").PolicyState));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void CheckRules(EpochLedger ledger, SettlementOutcome outcome)
    {
        var known = ledger.Entries.Select(entry => entry.Miner).ToHashSet();
        var volume = ledger.Entries.Aggregate(Int128.Zero, (sum, entry) => sum + entry.Price.Micro);
        Int128 paid = outcome.Settlement.Operations.Micro;
        Payee? before = null;
        foreach (var payout in outcome.Settlement.Miners)
        {
            Assert.True(known.Contains(payout.To), $"{payout.To} is paid and is not known to the ledger of {ledger.EpochId}.");
            Assert.True(before is not { } last || Compare(last, payout.To) < 0, $"{payout.To} stands after {before}: each payee once, in the order of (name, address).");
            before = payout.To;
            paid += payout.Amount.Micro;
        }

        Assert.True(paid == volume, $"{paid} micro-USDC are paid of a volume of {volume} in {ledger.EpochId}.");
        Assert.InRange(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(outcome.PolicyState), 0, MaxStateBytes);
    }

    private static void CheckSame(SettlementOutcome one, SettlementOutcome two)
    {
        Assert.Equal(one.Settlement.Operations, two.Settlement.Operations);
        Assert.Equal(one.Settlement.Miners, two.Settlement.Miners);
        Assert.Equal(one.PolicyState, two.PolicyState);
    }

    private static int Compare(Payee a, Payee b)
    {
        var byName = a.Name.CompareTo(b.Name);
        return byName != 0 ? byName : a.Address.CompareTo(b.Address);
    }
}
