using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>The policy takes a fee for somebody whom it declares. Nobody else can be paid so, no other sum, and each change is shown with its money.</summary>
public sealed class CrookedPayeesTests
{
    private static readonly EnsName Fee = EnsName.Parse("fee.eth");
    private static readonly EnsName Thief = EnsName.Parse("thief.eth");

    private readonly CrookedPool pool = new(Bench.DefaultSettings with { Verifier = VerdictFact.BuiltIn, Payees = [PayeeOf(Fee)] }) { Policy = new FeePolicy(Fee) };

    [Fact]
    public async Task A_declared_fee_is_paid_and_there_is_nothing_to_look_at()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var first = await pool.EndEpochAsync();
        var paid = Assert.Single((await pool.FetchAsync(first)).Settlements.Declared!);
        Assert.Equal((Fee, 45_000_000L), (paid.Miner, paid.Amount.Micro));
        foreach (var epoch in new[] { first, await pool.EndEpochAsync() })
        {
            var report = await pool.AuditAsync(epoch);
            Assert.Empty(report.Differences);
            Assert.True(report is { SplitChecked: true, IsQuiet: true });
        }
    }

    [Fact]
    public async Task A_settlement_that_pays_another_is_not_recorded()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        pool.Close();
        foreach (var declared in new IReadOnlyList<PayoutItem>?[] { null, [], [Item(Thief, 45)], [Item(Fee, 45), Item(Thief, 0)], [Item(Fee, 45), Item(Fee, 0)] })
        {
            Bench.Refused(ErrorCodes.PayeeUndeclared, Send(declared));
        }
    }

    [Fact]
    public async Task One_that_was_recorded_all_the_same_is_found()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        pool.Close();
        var (next, facts) = (pool.Bench.State.Sequence + 1, Facts([Item(Thief, 45_000_000)]));
        IReadOnlyList<PoolEvent> events = [new EpochSettled(1, facts.Settlement!.PolicyState, false)];
        pool.Bench.Records.Add(new PoolRecord(next, pool.Bench.At, next, new SettledInput(1), facts, events));
        pool.Bench.State.Apply(next, pool.Bench.At, events);
        await pool.SealAsync();
        await FindsAsync(await pool.EndEpochAsync(), "the settlement pays thief.eth");
    }

    /// <summary>What is published is compared with what was recorded, each payee's amount, and settled again.</summary>
    [Fact]
    public async Task Another_sum_in_the_snapshot_is_found()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var first = await pool.EndEpochAsync(published: epoch => epoch with
        {
            Settlements = epoch.Settlements with { HiveOps = Less(epoch.Settlements.HiveOps), Operations = epoch.Settlements.Operations with { Amount = Less(epoch.Settlements.HiveOps) }, Declared = [Item(Fee, 46_000_000)] },
        });
        await FindsAsync(first, "fee.eth (");
        await FindsAsync(await pool.EndEpochAsync(), "it settles epoch-1 in another way than was published");
    }

    [Fact]
    public async Task A_snapshot_that_leaves_the_payees_out_is_found()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var first = await pool.EndEpochAsync(published: epoch => epoch with { Settlements = epoch.Settlements with { Declared = null } });
        await FindsAsync(first, "the policy at hand declares fee.eth");
        await FindsAsync(first, "SP3403");
    }

    /// <summary>The settings say first who is paid: a change is shown, with what those got who were not declared before.</summary>
    [Fact]
    public async Task Another_payee_from_here_on_is_shown_with_what_it_was_paid()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        await pool.EndEpochAsync();
        Bench.Accepted(pool.Bench.Send(new StartedInput(2, pool.Bench.Settings with { Payees = [PayeeOf(Fee) with { Address = TestKeys.Of(Thief).Address }] })));
        await pool.DoAsync("100", Messages.Miner(1));
        await pool.EndEpochAsync();
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        var remark = Assert.Single(report.Remarks, remark => remark.Kind == AuditRemarkKinds.Setting);
        Assert.Equal(5_000_000, remark.AtStakeMicroUsdc);
        Assert.Contains($"payees is fee.eth ({TestKeys.Of(Thief).Address}) from here on; it was fee.eth ({TestKeys.Of(Fee).Address})", remark.What, StringComparison.Ordinal);

        // Where the name is paid today is asked too.
        Assert.Contains(report.Names.Changed, changed => changed.What.Contains($"fee.eth was paid at {TestKeys.Of(Thief).Address}", StringComparison.Ordinal) && changed.AtStakeMicroUsdc == 5_000_000);
    }

    [Fact]
    public async Task In_the_last_epoch_a_payee_that_no_setting_declares_is_shown()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var last = await pool.EndEpochAsync(published: epoch => epoch with { Settlements = epoch.Settlements with { Declared = [Item(Thief, 45_000_000)] } });
        Assert.Contains((await pool.AuditAsync(last)).Remarks, remark => remark is { Kind: AuditRemarkKinds.Payees, AtStakeMicroUsdc: 45_000_000 } && remark.What.Contains("thief.eth", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_epoch_alone_says_what_is_taken_on_its_word()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var report = await pool.AuditAloneAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        var remark = Assert.Single(report.Remarks, remark => remark.Kind == AuditRemarkKinds.Payees);
        Assert.Equal(45_000_000, remark.AtStakeMicroUsdc);
        Assert.Contains("pays fee.eth (", remark.What, StringComparison.Ordinal);
    }

    /// <summary>An address is who it is: no name is asked about it.</summary>
    [Fact]
    public async Task A_payee_by_address_is_asked_of_nobody()
    {
        var at = DeclaredPayee.At(TestKeys.Of(Fee).Address);
        var own = new CrookedPool(Bench.DefaultSettings with { Verifier = VerdictFact.BuiltIn, Payees = [new Payee(at.Name, at.Address!.Value)] })
        {
            Policy = new FeePolicy(at),
            Resolve = name => name == at.Name ? throw new InvalidOperationException("It is no name.") : new IdentityAnswer(IdentityStatus.Known, [TestKeys.Of(name).Address], null, 0, TimeSpan.FromMinutes(1)),
        };
        await own.DoAsync("900", await own.JoinAsync());
        var report = await own.AuditAsync(await own.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.True(report.IsQuiet);
        Assert.Equal(TestKeys.Of(Fee).Address, (await own.FetchAsync(report.Cid)).Settlements.Declared![0].Address);
    }

    private static Payee PayeeOf(EnsName name) => new(name, TestKeys.Of(name).Address);

    private static PayoutItem Item(EnsName name, long micro) => new(name, TestKeys.Of(name).Address, Usdc.FromMicro(micro));

    private static Usdc Less(Usdc amount) => amount - Usdc.Parse("1");

    private PoolFacts Facts(IReadOnlyList<PayoutItem>? declared)
    {
        var settlement = pool.Bench.SettlementOf(1).Settlement!;
        var paid = (declared ?? []).Sum(item => item.Amount.Micro);
        return new() { Settlement = settlement with { Operations = Usdc.FromMicro(settlement.Operations.Micro - paid), Declared = declared } };
    }

    private Decision Send(IReadOnlyList<PayoutItem>? declared) => PoolMachine.Decide(pool.Bench.State, new SettledInput(1), Facts(declared), pool.Bench.At);

    private async Task FindsAsync(Cid epoch, string what) =>
        Assert.Contains((await pool.AuditAsync(epoch)).Differences, one => one.What.Contains(what, StringComparison.Ordinal));

    /// <summary>Half of each job to its miner, and of the other half a tenth to whom it declares.</summary>
    private sealed class FeePolicy(DeclaredPayee payee) : HalfPolicy, ISettlementPolicy
    {
        public FeePolicy(EnsName name)
            : this(DeclaredPayee.Named(name))
        {
        }

        public IReadOnlyList<DeclaredPayee> Payees => [payee];

        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var (settlement, state) = base.Settle(ledger, policyState);
            var fee = Usdc.FromMicro(settlement.Operations.Micro / 10);
            return new(settlement with { Operations = settlement.Operations - fee, Declared = [new Payout(ledger.Declared.FirstOrDefault(one => one.Name == payee.Name), fee)] }, state);
        }
    }
}
