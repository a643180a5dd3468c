using System.Globalization;
using System.Text;
using CsCheck;
using SwarmPool.Settlement;

namespace SwarmPool.Testing.Settlement;

/// <summary>
/// The contract of <see cref="ISettlementPolicy"/> as tests: sums exact to the micro-USDC over any ledger, nobody paid twice, unknown or undeclared,
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
    public void Whom_it_declares_can_be_recorded_and_stays()
    {
        var (one, two) = (Make(), Make());
        Assert.InRange(one.Payees.Count, 0, DeclaredPayee.Most);
        Assert.DoesNotContain(default, one.Payees);
        Assert.Equal(one.Payees.Count, one.Payees.DistinctBy(payee => payee.Name).Count());
        Assert.Equal(one.Payees, two.Payees);
        Settle(one, Ledgers.Adversarial("seven share a dollar"), "");
        Assert.Equal(one.Payees, two.Payees);
    }

    [Fact]
    public void An_epoch_without_work_pays_nothing()
    {
        var policy = Make();
        var outcome = Settle(policy, Ledgers.Of(1, []), "");
        Assert.Equal(Usdc.Zero, outcome.Settlement.Operations);
        Assert.All(outcome.Settlement.Miners.Concat(outcome.Settlement.Declared), payout => Assert.Equal(Usdc.Zero, payout.Amount));
        CheckRules(Ledgers.Of(1, []), outcome);
        var later = Settle(policy, Ledgers.Of(2, [new(Ledgers.PayeeOf("a"), MiningMode.PPS, 100)]), outcome.PolicyState);
        CheckRules(Ledgers.Of(2, [new(Ledgers.PayeeOf("a"), MiningMode.PPS, 100)]), later);
    }

    [Fact]
    public void Every_micro_unit_is_paid_once_to_somebody_who_is_known() => Ledgers.Any.Sample(
        ledger => CheckRules(ledger, Settle(Make(), ledger, "")), iter: Samples, threads: 1);

    [Theory]
    [MemberData(nameof(AdversarialLedgers))]
    public async Task Every_micro_unit_is_paid_once_at_an_adversarys_sizes(string ledger)
    {
        var entries = Ledgers.Adversarial(ledger);
        var settling = Task.Factory.StartNew(() => Settle(Make(), entries, ""), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        CheckRules(entries, await settling.WaitAsync(TimeLimit));
    }

    [Fact]
    public void The_order_of_the_ledger_does_not_matter() => Gen.Select(Ledgers.Any, Gen.Int).Sample(
        (ledger, seed) =>
        {
            var policy = Make();
            CheckSame(Settle(policy, ledger, ""), Settle(policy, Ledgers.Shuffled(ledger, seed), ""));
        },
        iter: Samples,
        threads: 1);

    [Fact]
    public void The_same_arguments_give_the_same_outcome_whatever_was_settled_between() => Gen.Select(Ledgers.Any, Ledgers.Any).Sample(
        (ledger, other) =>
        {
            var policy = Make();
            var first = Settle(policy, ledger, "");
            Settle(policy, other, "");
            CheckSame(first, Settle(policy, ledger, ""));
            CheckSame(first, Settle(Make(), ledger, ""));
        },
        iter: Samples,
        threads: 1);

    [Fact]
    public async Task Many_may_settle_at_once()
    {
        var policy = Make();
        var ledgers = Ledgers.AdversarialNames.Take(7).Select(Ledgers.Adversarial).ToArray();
        var alone = ledgers.Select(ledger => Settle(Make(), ledger, "")).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), (i, _) =>
        {
            CheckSame(alone[i % ledgers.Length], Settle(policy, ledgers[i % ledgers.Length], ""));
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
            IReadOnlyList<Payee> earlier = [];
            for (var i = 0; i < epochs.Length; i++)
            {
                var ledger = epochs[i] with { EpochId = $"epoch-{i + 1}", Number = i + 1, Earlier = earlier };
                var one = Settle(lasting, ledger, state);
                var two = Settle(Make(), Ledgers.Shuffled(ledger, i), other);
                CheckRules(ledger, one);
                CheckSame(one, two);
                (state, other, earlier) = (one.PolicyState, two.PolicyState, Listed(one));
            }
        },
        iter: Math.Max(1, Samples / 10),
        threads: 1);

    /// <summary>
    /// Who pays for its own jobs must not gain by it: not by many small ones (a rule that pays by count), not by any. What was carried
    /// from epochs before is another matter, so this is about a first epoch.
    /// </summary>
    [Fact]
    public void Self_made_jobs_never_pay_more_than_they_cost()
    {
        var honest = Enumerable.Repeat(new LedgerWork(Ledgers.PayeeOf("honest"), MiningMode.PPS, 10_000_000), 10);
        foreach (var mode in new[] { MiningMode.SOLO, MiningMode.PPS })
        {
            var selfMade = Enumerable.Repeat(new LedgerWork(Ledgers.PayeeOf("attacker"), mode, 100), 90);
            var settlement = Settle(Make(), Ledgers.Of(1, honest.Concat(selfMade)), "").Settlement;
            var gained = settlement.Miners.Where(payout => payout.To == Ledgers.PayeeOf("attacker")).Sum(payout => payout.Amount.Micro);
            Assert.True(gained <= 9_000, $"Ninety self-made {mode} jobs of 100 micro-USDC cost 9,000 and are paid {gained}.");
        }
    }

    /// <summary>Whoever the settlement before does not list, because another policy settled it, can't be paid for earlier work.</summary>
    [Fact]
    public void A_payee_that_the_settlement_before_does_not_list_is_left_out()
    {
        var first = Ledgers.Of(1, [new(Ledgers.PayeeOf("gone"), MiningMode.PPS, 1_000_000)]);
        var state = Settle(Make(), first, "").PolicyState;
        var second = Ledgers.Of(2, [new(Ledgers.PayeeOf("here"), MiningMode.PPS, 1_000_000)]);
        CheckRules(second, Settle(Make(), second, state));
    }

    /// <summary>However many miners come and go, the state stays within what is published.</summary>
    [Fact]
    public void The_state_stays_within_its_limit_over_many_epochs_of_many_miners()
    {
        var state = "";
        IReadOnlyList<Payee> earlier = [];
        for (var number = 1; number <= 30; number++)
        {
            var ledger = Ledgers.Of(number, Enumerable.Range(0, 400).Select(i => new LedgerWork(
                Ledgers.PayeeOf($"a-rather-long-name-of-a-miner-{number}-{i}.of-a-long-domain-name"), i % 2 == 0 ? MiningMode.PPS : MiningMode.SOLO, 1_000_003 + i))) with
            { Earlier = earlier };
            var outcome = Settle(Make(), ledger, state);
            CheckRules(ledger, outcome);
            (state, earlier) = (outcome.PolicyState, Listed(outcome));
        }
    }

    [Fact]
    public void The_ledger_is_only_read()
    {
        var ledger = Ledgers.Adversarial("seven share a dollar");
        var entries = ledger.Entries.ToArray();
        var copy = entries.ToArray();
        CheckSame(Settle(Make(), ledger, ""), Settle(Make(), ledger with { Entries = Array.AsReadOnly(entries) }, ""));
        Settle(Make(), ledger with { Entries = entries }, "");
        Assert.Equal(copy, entries);
    }

    [Fact]
    public void The_culture_of_the_machine_does_not_matter()
    {
        var ledger = Ledgers.Adversarial("seven share a dollar");
        var expected = Settle(Make(), ledger, Settle(Make(), ledger, "").PolicyState);
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (odd.NumberFormat.NumberDecimalSeparator, odd.NumberFormat.NumberGroupSeparator, odd.NumberFormat.NegativeSign) = (",", ".", "~");
        try
        {
            CultureInfo.CurrentCulture = odd;
            CheckSame(expected, Settle(Make(), ledger, Settle(Make(), ledger, "").PolicyState));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // As a daemon does: those whom the policy declares are in the ledger, with the addresses that they are paid at.
    private static SettlementOutcome Settle(ISettlementPolicy policy, EpochLedger ledger, string state) => policy.Settle(ledger with { Declared = DeclaredBy(policy) }, state);

    private static IReadOnlyList<Payee> DeclaredBy(ISettlementPolicy policy) =>
        [.. policy.Payees.Select(payee => new Payee(payee.Name, payee.Address ?? Ledgers.PayeeOf(payee.Name.Text).Address))];

    private void CheckRules(EpochLedger ledger, SettlementOutcome outcome)
    {
        CheckDeclared(ledger, outcome.Settlement);
        var known = ledger.Entries.Select(entry => entry.Miner).Concat(ledger.Earlier).ToHashSet();
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

        paid += outcome.Settlement.Declared.Aggregate(Int128.Zero, (sum, payout) => sum + payout.Amount.Micro);
        Assert.True(paid == volume, $"{paid} micro-USDC are paid of a volume of {volume} in {ledger.EpochId}.");
        Assert.InRange(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(outcome.PolicyState), 0, MaxStateBytes);
    }

    private void CheckDeclared(EpochLedger ledger, SwarmPool.Settlement.Settlement settlement)
    {
        var declared = DeclaredBy(Make());
        Assert.All(settlement.Declared, payout => Assert.True(declared.Contains(payout.To), $"{payout.To} is paid in {ledger.EpochId} and is not among the policy's {nameof(ISettlementPolicy.Payees)}."));
        Assert.True(settlement.Declared.DistinctBy(payout => payout.To).Count() == settlement.Declared.Count, $"A declared payee is paid twice in {ledger.EpochId}.");
    }

    private static IReadOnlyList<Payee> Listed(SettlementOutcome outcome) => [.. outcome.Settlement.Miners.Select(payout => payout.To)];

    private static void CheckSame(SettlementOutcome one, SettlementOutcome two)
    {
        Assert.Equal(one.Settlement.Operations, two.Settlement.Operations);
        Assert.Equal(one.Settlement.Miners, two.Settlement.Miners);
        Assert.Equal(one.Settlement.Declared, two.Settlement.Declared);
        Assert.Equal(one.PolicyState, two.PolicyState);
    }

    private static int Compare(Payee a, Payee b)
    {
        var byName = a.Name.CompareTo(b.Name);
        return byName != 0 ? byName : a.Address.CompareTo(b.Address);
    }
}
