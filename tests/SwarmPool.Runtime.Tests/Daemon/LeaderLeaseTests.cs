using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What a leader may know of its lease, and does when it can't know.</summary>
public sealed class LeaderLeaseTests : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(9);

    private readonly FakeTimeProvider time = new();
    private readonly RenewedJournal journal = new();

    public ValueTask DisposeAsync() => journal.DisposeAsync();

    [Fact]
    public async Task It_is_renewed_three_times_in_its_life_and_sure_without_asking()
    {
        await using var lease = await TakeAsync();
        Pass(Duration * 0.3);
        Assert.Equal(0, journal.Renewals);
        Pass(Duration * 0.1);
        Assert.Equal(1, journal.Renewals);
        Pass(Duration * 2, steps: 20);
        var renewals = journal.Renewals;
        await lease.SureAsync(default);
        Assert.Equal(renewals, journal.Renewals);
        Assert.InRange(journal.Renewals, 6, 7);
        Assert.False(lease.Keeping.IsCompleted);
    }

    [Fact]
    public async Task A_store_that_fails_within_the_lease_is_asked_again()
    {
        await using var lease = await TakeAsync();
        journal.Renew = () => ValueTask.FromException(new JournalException(JournalFault.Unavailable, "no answer"));
        Pass(Duration * 0.9, steps: 9);
        Assert.InRange(journal.Renewals, 4, 9);
        await lease.SureAsync(default);
        journal.Renew = () => default;
        Pass(Duration * 3, steps: 30);
        await lease.SureAsync(default);
        Assert.False(lease.Keeping.IsCompleted);
    }

    [Fact]
    public async Task A_store_that_fails_for_longer_ends_the_lead()
    {
        await using var lease = await TakeAsync();
        journal.Renew = () => ValueTask.FromException(new JournalException(JournalFault.Unavailable, "no answer"));
        Pass(Duration * 1.2, steps: 24);
        var sure = lease.SureAsync(default).AsTask();
        Pass(Duration, steps: 20);
        Assert.False(sure.IsCompleted); // Silent, and still asking.
        Assert.False(lease.Keeping.IsCompleted);
        Pass(Duration, steps: 20);
        await LostAsync(lease, "no answer");
        await Assert.ThrowsAsync<SwarmPoolException>(() => sure);
    }

    [Fact]
    public async Task A_store_that_comes_back_in_time_and_gave_the_lease_to_nobody_ends_the_doubt()
    {
        await using var lease = await TakeAsync();
        journal.Renew = () => ValueTask.FromException(new JournalException(JournalFault.Unavailable, "no answer"));
        Pass(Duration * 2, steps: 40);
        var sure = lease.SureAsync(default).AsTask();
        Assert.False(sure.IsCompleted);
        journal.Renew = () => default;
        Pass(Duration * 0.2, steps: 4);
        await sure;
        Assert.False(lease.Keeping.IsCompleted);
    }

    [Fact]
    public async Task A_store_that_hangs_ends_the_lead_too()
    {
        await using var lease = await TakeAsync();
        journal.Renew = () => new ValueTask(new TaskCompletionSource().Task);
        Pass(Duration * 4.5, steps: 90);
        await LostAsync(lease, "");
    }

    [Fact]
    public async Task One_that_was_replaced_is_told_so_and_asks_no_more()
    {
        await using var lease = await TakeAsync();
        journal.Renew = () => ValueTask.FromException(new JournalException(JournalFault.StaleFence, "lease 2 came after it"));
        Pass(Duration * 0.4);
        await LostAsync(lease, "lease 2 came after it");
        Assert.Equal(1, journal.Renewals);
    }

    [Fact]
    public async Task After_a_standstill_it_asks_before_it_is_sure()
    {
        await using var lease = await TakeAsync();
        var answer = new TaskCompletionSource();
        journal.Renew = () => new ValueTask(answer.Task);
        time.Advance(Duration * 2);
        var sure = lease.SureAsync(default).AsTask();
        Assert.False(sure.IsCompleted);
        answer.SetResult();
        await sure;
        Assert.Equal(1, journal.Renewals);
        Assert.False(lease.Keeping.IsCompleted);
    }

    [Fact]
    public async Task It_is_given_back_once_it_is_no_longer_wanted()
    {
        await (await TakeAsync()).DisposeAsync();
        Assert.Equal(1, journal.Releases);
    }

    private async Task LostAsync(LeaderLease lease, string why)
    {
        var lost = await Assert.ThrowsAsync<SwarmPoolException>(() => lease.Keeping);
        Assert.Equal(ErrorCodes.LeaseLost, lost.Code);
        Assert.Contains(why, lost.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.LeaseLost, ExitCodes.For(lost));
        Assert.Same(lost, await Assert.ThrowsAsync<SwarmPoolException>(async () => await lease.SureAsync(default)));
    }

    private ValueTask<LeaderLease> TakeAsync() => LeaderLease.TakeAsync(journal, Messages.Pool, "test", Duration, time, NullLogger.Instance, default);

    private void Pass(TimeSpan span, int steps = 1)
    {
        for (var i = 0; i < steps; i++)
        {
            time.Advance(span / steps);
        }
    }

    private sealed class RenewedJournal : IPoolJournal
    {
        public Func<ValueTask> Renew { get; set; } = () => default;

        public int Renewals { get; private set; }

        public int Releases { get; private set; }

        public string Location => "a test";

        public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) => new(new JournalLease(1, owner));

        public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken)
        {
            Renewals++;
            return Renew();
        }

        public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken)
        {
            Releases++;
            return default;
        }

        public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => default;
    }
}
