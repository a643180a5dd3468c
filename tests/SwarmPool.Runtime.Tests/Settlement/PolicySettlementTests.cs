using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using static SwarmPool.Core.Tests.Support.WrongPolicies;

namespace SwarmPool.Runtime.Tests.Settlement;

public sealed class PolicySettlementTests
{
    private static readonly EpochLedger Ledger = Ledgers.Of(("a", 5), ("b", 200), ("c", 301), ("a", 1), ("d", 7));

    [Fact]
    public async Task A_right_policy_settles()
    {
        var verdict = await SettleAsync(new HalfPolicy());
        Assert.Null(verdict.Refusal);
        Assert.Equal("before+", verdict.Outcome!.PolicyState);
        Assert.Equal([2L, 100L, 150L, 3L], verdict.Outcome.Settlement.Miners.Select(p => p.Amount.Micro));
        Assert.Equal(259, verdict.Outcome.Settlement.Operations.Micro);
    }

    [Fact]
    public async Task An_empty_epoch_settles() =>
        Assert.Empty((await SettleAsync(new HalfPolicy(), Ledgers.Of())).Outcome!.Settlement.Miners);

    [Fact]
    public async Task A_policy_that_throws_is_contained()
    {
        var refusal = await RefusedAsync(ErrorCodes.PolicyThrew, new Throws());
        Assert.Contains("FormatException: no such rate", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_hangs_is_abandoned()
    {
        using var released = new ManualResetEventSlim();
        var verdict = await SettleAsync(new Hangs(released), limit: TimeSpan.FromMilliseconds(50));
        released.Set();
        Assert.Equal(ErrorCodes.PolicyTimedOut, verdict.Refusal!.Code);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public Task A_wrong_sum_is_refused(int by) =>
        RefusedAsync(ErrorCodes.SettlementSum, new Bends((_, o) => WithOperations(o, o.Settlement.Operations.Micro + by)));

    [Fact]
    public Task An_order_dependent_policy_is_refused() =>
        RefusedAsync(ErrorCodes.SettlementUnstable, new Bends((ledger, o) => WithMiners(
            WithOperations(o, o.Settlement.Operations.Micro - 1),
            [.. o.Settlement.Miners.Select(p => p.To == ledger.Entries[0].Miner ? p with { Amount = p.Amount + Usdc.FromMicro(1) } : p)])));

    [Fact]
    public Task A_policy_that_remembers_is_refused() => RefusedAsync(ErrorCodes.SettlementUnstable, new Remembers());

    [Fact]
    public async Task Null_anywhere_is_refused()
    {
        await RefusedAsync(ErrorCodes.PolicyThrew, new Bends((_, _) => null!));
        await RefusedAsync(ErrorCodes.PolicyThrew, new Bends((_, o) => o with { Settlement = null! }));
        await RefusedAsync(ErrorCodes.PolicyThrew, new Bends((_, o) => o with { PolicyState = null! }));
        await RefusedAsync(ErrorCodes.PolicyThrew, new Bends((_, o) => WithMiners(o, null!)));
        await RefusedAsync(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(o, [null!])));
    }

    [Fact]
    public Task An_endless_list_of_payouts_is_refused() =>
        RefusedAsync(ErrorCodes.SettlementPayee, new Bends((_, o) => WithMiners(o, new Endless(o.Settlement.Miners[0]))));

    [Fact]
    public Task A_policy_can_not_write_into_the_ledger() => RefusedAsync(ErrorCodes.PolicyThrew, new WritesTheLedger());

    [Fact]
    public async Task Cancelling_stops_the_waiting()
    {
        using var released = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var settling = PolicySettlement.SettleAsync(
            new Hangs(released), Ledger, "", TimeSpan.FromMinutes(1), TimeProvider.System, TaskScheduler.Default, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => settling);
        released.Set();
    }

    [Fact]
    public async Task It_settles_on_a_single_threaded_scheduler()
    {
        var pump = new PumpScheduler();
        var settling = Task.Factory.StartNew(
            () => PolicySettlement.SettleAsync(new HalfPolicy(), Ledger, "", TimeSpan.FromSeconds(30), TimeProvider.System, pump, CancellationToken.None),
            CancellationToken.None, TaskCreationOptions.None, pump).Unwrap();

        pump.RunUntil(settling);

        Assert.True(settling.IsCompleted);
        Assert.NotNull((await settling).Outcome);
    }

    private static Task<SettlementVerdict> SettleAsync(ISettlementPolicy policy, EpochLedger? ledger = null, TimeSpan? limit = null) =>
        PolicySettlement.SettleAsync(
            policy, ledger ?? Ledger, "before", limit ?? TimeSpan.FromSeconds(30), TimeProvider.System, TaskScheduler.Default, CancellationToken.None);

    private static async Task<Refusal> RefusedAsync(string code, ISettlementPolicy policy, EpochLedger? ledger = null)
    {
        var verdict = await SettleAsync(policy, ledger);
        Assert.Null(verdict.Outcome);
        Assert.Equal(code, verdict.Refusal!.Code);
        Assert.StartsWith("epoch-7: ", verdict.Refusal.Reason, StringComparison.Ordinal);
        return verdict.Refusal;
    }

    /// <summary>Runs tasks one at a time on the thread that pumps, as the simulator does.</summary>
    private sealed class PumpScheduler : TaskScheduler
    {
        private readonly Queue<Task> queue = new();

        public void RunUntil(Task done)
        {
            while (!done.IsCompleted && queue.TryDequeue(out var task))
            {
                TryExecuteTask(task);
            }
        }

        protected override void QueueTask(Task task) => queue.Enqueue(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => queue;
    }
}
