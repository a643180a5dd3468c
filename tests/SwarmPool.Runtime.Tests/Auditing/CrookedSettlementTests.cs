using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>The operator settles as he likes: other payees, an invented state of the policy, late enough that nobody settles it again.</summary>
public sealed class CrookedSettlementTests
{
    private static readonly EnsName Thief = Messages.Miner(9);

    private readonly CrookedPool pool = new();

    [Fact]
    public async Task Operations_are_paid_where_the_recorded_settings_say()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        await pool.EndEpochAsync(fact => fact with { OperationsPayee = new Payee(Thief, TestKeys.Of(Thief).Address) });
        await FindsAsync(await pool.EndEpochAsync(), "operations");
    }

    /// <summary>How the last epoch was settled is recorded after it, so nothing is proved yet: it is shown.</summary>
    [Fact]
    public async Task Operations_of_the_last_epoch_paid_elsewhere_than_is_recorded_are_shown()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var report = await pool.AuditAsync(await pool.EndEpochAsync(fact => fact with { OperationsPayee = new Payee(Thief, TestKeys.Of(Thief).Address) }));
        Assert.Empty(report.Differences);
        Assert.Contains(Thief.Text, Assert.Single(report.Remarks).What, StringComparison.Ordinal);
    }

    /// <summary>Settings are the operator's to change; whoever audits is shown that he did.</summary>
    [Fact]
    public async Task Another_payee_of_operations_is_shown()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var (own, thief) = (TestKeys.Of(Messages.Pool).Address, TestKeys.Of(Thief).Address);
        Bench(new StartedInput(2, pool.Bench.Settings with { OperationsAddress = thief }));
        await pool.EndEpochAsync();
        Bench(new StartedInput(3, pool.Bench.Settings));
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.Equal(2, report.Remarks.Count);
        Assert.Equal(new AuditRemark(AuditRemarkKinds.Setting, 6, $"operations_address is {thief} from here on; it was {own}", 450_000_000), report.Remarks[0]);
        Assert.Equal($"operations_address is {own} from here on; it was {thief}", report.Remarks[1].What);
        Assert.Contains(report.Names.Changed, line => line.What.StartsWith($"{Messages.Pool} was paid at {thief}", StringComparison.Ordinal));
    }

    /// <summary>Each with its record, its name, from and to, and what jobs pay that ended under it.</summary>
    [Fact]
    public async Task Each_change_of_each_setting_is_shown_with_its_record()
    {
        var miner = await pool.JoinAsync();
        await pool.DoAsync("1", miner);
        Bench(new StartedInput(2, pool.Bench.Settings with { CoolDownMs = 3_600_000, ClaimsPerMiner = 1, ClaimTimeoutMs = 5_000, Verifier = "judge", VerifierMayAsk = true }));
        var open = await pool.SendAsync(pool.Bench.Messages.Job("4"));
        pool.Verifier = "judge";
        await pool.DoAsync("2", miner);
        Bench(new StartedInput(3, pool.Bench.Settings));
        pool.Verifier = null;
        await pool.DoAsync(open.Cid, miner);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.Equal(
            [
                "record 6: claim_timeout_ms is 5000 from here on; it was 60000", "record 6: claims_per_miner is 1 from here on; it was 2", "record 6: cool_down_ms is 3600000 from here on; it was 10000",
                "record 6: verifier is judge from here on; it was hashes", "record 6: verifier_may_ask is True from here on; it was none",
                "record 11: claim_timeout_ms is 60000 from here on; it was 5000", "record 11: claims_per_miner is 2 from here on; it was 1", "record 11: cool_down_ms is 10000 from here on; it was 3600000",
                "record 11: verifier is hashes from here on; it was judge", "record 11: verifier_may_ask is none from here on; it was True",
            ],
            report.Remarks.Where(remark => remark.Kind == AuditRemarkKinds.Setting).OrderBy(remark => remark.Record).Select(remark => remark.ToString()));
        Assert.Equal([4_000_000, 6_000_000], report.Remarks.Where(remark => remark.What.StartsWith("cool_down_ms", StringComparison.Ordinal)).Select(remark => remark.AtStakeMicroUsdc).Order());
        Assert.Equal(7_000_000, report.AtStakeMicroUsdc);
        Assert.False(report.IsQuiet);
    }

    /// <summary>A policy of the operator's pays each miner a micro-USDC, and him the rest: the sums are right.</summary>
    [Fact]
    public async Task Money_that_operations_took_by_another_policy_is_shown()
    {
        await pool.DoAsync("100", await pool.JoinAsync());
        var one = Usdc.FromMicro(1);
        var report = await pool.AuditAsync(await pool.EndEpochAsync(fact => fact with
        {
            Policy = new PolicyIdentity("all mine", "1.0.0", new string('c', 64)),
            Operations = Usdc.Parse("100") - one,
            Miners = [fact.Miners[0] with { Amount = one }],
        }));
        Assert.Empty(report.Differences);
        Assert.Equal((AuditRemarkKinds.Policy, 100_000_000), (Assert.Single(report.Remarks).Kind, report.AtStakeMicroUsdc));
        Assert.False(report.IsQuiet);
    }

    /// <summary>Every payee is another: names are asked, so each is shown with what went there.</summary>
    [Fact]
    public async Task Money_that_went_to_other_payees_is_shown()
    {
        var (first, second, thief) = (await pool.JoinAsync(), await pool.JoinAsync(2), TestKeys.Of(Thief).Address);
        await pool.DoAsync((await pool.SendAsync(pool.Bench.Messages.Job("30"))).Cid, first, fact => fact with { Payout = thief });
        await pool.DoAsync((await pool.SendAsync(pool.Bench.Messages.Job("70"))).Cid, second, fact => fact with { Payout = thief });
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.Equal([70_000_000, 30_000_000], report.Names.Changed.Select(remark => remark.AtStakeMicroUsdc));
        Assert.Equal((100_000_000, false), (report.AtStakeMicroUsdc, report.IsQuiet));
    }

    /// <summary>The next epoch is settled rightly from a state that the policy never returned.</summary>
    [Fact]
    public async Task A_state_that_the_policy_did_not_return_is_found()
    {
        await pool.DoAsync("900", await pool.JoinAsync());
        var first = await pool.EndEpochAsync(fact => fact with { PolicyState = "the operator is owed a million" });
        var second = await pool.EndEpochAsync();
        await FindsAsync(second, "state");

        var told = await pool.AuditAsync(first, keepCheckpoint: true);
        Assert.True(told.IsRight);
        Assert.Contains((await pool.AuditAsync(second, told.Checkpoint)).Differences, one => one.What.Contains("state", StringComparison.Ordinal));
    }

    /// <summary>Epochs that close before the one before them is settled are settled again all the same.</summary>
    [Fact]
    public async Task A_split_that_is_recorded_late_is_settled_again()
    {
        var miner = await pool.JoinAsync();
        await pool.DoAsync("100", miner);
        pool.Close();
        await pool.DoAsync("100", miner);
        pool.Close();
        pool.Settle();
        pool.Settle(AllToOperations);
        await pool.SealAsync();
        await pool.SealAsync();
        await pool.EndEpochAsync();
        var third = await pool.EndEpochAsync();
        var report = await pool.AuditAsync(third);
        Assert.Contains(report.Differences, one => one.What.StartsWith("epoch-2: ", StringComparison.Ordinal) && one.What.Contains("by the policy it is", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_late_and_right_is_counted_as_settled_again()
    {
        var miner = await pool.JoinAsync();
        await pool.DoAsync("100", miner);
        pool.Close();
        await pool.DoAsync("100", miner);
        pool.Close();
        pool.Settle();
        pool.Settle();
        var first = await pool.SealAsync();
        var second = await pool.SealAsync();
        var third = await pool.EndEpochAsync();
        var report = await pool.AuditAsync(third);
        Assert.Empty(report.Differences);
        Assert.True(report is { Splits: 3, SplitChecked: true });

        // Neither of the two is settled by what they say themselves.
        var early = await pool.AuditAsync(second, keepCheckpoint: true);
        Assert.True(early is { IsRight: true, Splits: 1, SplitChecked: false });
        var resumed = await pool.AuditAsync(third, early.Checkpoint);
        Assert.Empty(resumed.Differences);
        Assert.True(resumed is { Epochs: 1, Splits: 2, SplitChecked: true });
        Assert.Equal((await pool.AuditAsync(first)).Splits, early.Splits);
    }

    [Fact]
    public async Task An_epoch_of_another_policy_in_the_history_is_shown()
    {
        var miner = await pool.JoinAsync();
        await pool.DoAsync("100", miner);
        await pool.EndEpochAsync(fact => AllToOperations(fact) with { Policy = new PolicyIdentity("all mine", "1.0.0", new string('c', 64)), Replaced = true });
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.Contains(report.Remarks, remark => remark.AtStakeMicroUsdc == 100_000_000 && remark.What.Contains("epoch-1", StringComparison.Ordinal) && remark.What.Contains("all mine 1.0.0", StringComparison.Ordinal));
        Assert.Contains(report.Remarks, remark => remark.What.Contains("replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_field_of_a_snapshot_that_only_its_form_was_asked_of_is_compared()
    {
        await pool.DoAsync("1", await pool.JoinAsync());
        var first = await pool.EndEpochAsync();
        await pool.EndEpochAsync(published: epoch => epoch with { Timestamp = epoch.Timestamp + 1 });
        await pool.EndEpochAsync(published: epoch => epoch with { Nonce = new string('0', 32) });
        var last = await pool.EndEpochAsync();
        await FindsAsync(last, "timestamp");
        await FindsAsync(last, "nonce");

        var epoch = await pool.FetchAsync(last);
        await FindsAsync(epoch with { EpochId = "epoch-77" }, "epoch_id");
        await FindsAsync(epoch with { Timestamp = (epoch.EndedAt / 1000) - 1 }, "timestamp");
        await FindsAsync((await pool.FetchAsync(first)) with { PreviousEpoch = last }, "is the first");
        pool.Time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(epoch.EndedAt - 400_000));
        await FindsAsync(epoch, "ahead");

        async Task FindsAsync(object what, string said)
        {
            var cid = what is Cid published ? published : await pool.PublishAsync((EpochSnapshot)what);
            Assert.Contains((await pool.AuditAsync(cid)).Differences, one => one.What.Contains(said, StringComparison.Ordinal));
        }
    }

    private static SettlementFact AllToOperations(SettlementFact fact) =>
        fact with { Operations = fact.Operations + fact.Miners.Aggregate(Usdc.Zero, (sum, item) => sum + item.Amount), Miners = [] };

    private void Bench(PoolInput input) => Core.Tests.Support.Bench.Accepted(pool.Bench.Send(input));

    private async Task FindsAsync(Cid epoch, string what) =>
        Assert.Contains((await pool.AuditAsync(epoch)).Differences, one => one.What.Contains(what, StringComparison.Ordinal));
}
