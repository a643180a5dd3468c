using System.Security.Cryptography;
using SwarmPool.State;

namespace SwarmPool.Testing.Journal;

/// <summary>
/// The contract of <see cref="IPoolJournal"/> as tests: batches whole or not at all, durable before the answer, one chain, fences that
/// hold for ever, reads by anyone, snapshots and cursors, who leads and who follows, concurrency, cancellation.
/// </summary>
/// <remarks>
/// Inherit it in a public class and override <see cref="Open"/>. A test opens several handles on one journal, as a daemon, its standby and
/// an auditor would. An instance of the class is one test with one journal, which is new.
/// </remarks>
public abstract partial class JournalSuite
{
    /// <summary>The pool that the suite's journals belong to.</summary>
    protected const string Pool = "swarmpool.eth";

    /// <summary>The term of the leases that the suite takes; default one minute.</summary>
    protected virtual TimeSpan LeaseDuration => TimeSpan.FromMinutes(1);

    /// <summary>How many steps (appends, refusals, restarts) the history test takes, default 100. A slow store may take fewer.</summary>
    protected virtual int HistorySteps => 100;

    /// <summary>Another handle on the journal of this test.</summary>
    protected abstract IPoolJournal Open();

    /// <summary>
    /// Makes the holder lose its lease, so that another handle can take it. Default: it is given back. A store whose leases expire lets
    /// this one expire instead (by its clock, or by waiting).
    /// </summary>
    protected virtual async ValueTask LoseLeaseAsync(IPoolJournal holder, JournalLease lease)
    {
        ArgumentNullException.ThrowIfNull(holder);
        await holder.ReleaseAsync(lease, default);
    }

    /// <summary>Lets time pass by the store's clock. Default: it is waited for. A store with a clock of its own moves it on.</summary>
    protected virtual Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    /// <summary>Takes the lease of the suite's pool.</summary>
    protected ValueTask<JournalLease> AcquireAsync(IPoolJournal journal, string owner = "test")
    {
        ArgumentNullException.ThrowIfNull(journal);
        return journal.AcquireAsync(Pool, owner, LeaseDuration, default);
    }

    /// <summary>Asserts that the work fails with this fault.</summary>
    protected static async Task<JournalException> ThrowsAsync(JournalFault fault, Func<ValueTask> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var thrown = await Assert.ThrowsAsync<JournalException>(async () => await work());
        Assert.Equal(fault, thrown.Fault);
        return thrown;
    }

    /// <summary>Asserts that the work fails with this fault.</summary>
    protected static Task<JournalException> ThrowsAsync<T>(JournalFault fault, Func<ValueTask<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return ThrowsAsync(fault, async ValueTask () => await work());
    }

    /// <summary>Asserts that the journal holds exactly these records from a sequence on, and that its head is the last of them.</summary>
    protected static async Task HoldsAsync(IPoolJournal journal, IReadOnlyList<JournalRecord> expected, long from = 1)
    {
        ArgumentNullException.ThrowIfNull(journal);
        Assert.Equal(expected.Where(one => one.Sequence >= from).Select(Shown), (await JournalChains.ReadAsync(journal, from)).Select(Shown));
        var head = await journal.HeadAsync(default);
        var last = expected.Count == 0 ? JournalHead.Empty : JournalChains.HeadOf(expected);
        Assert.Equal((last.Sequence, Convert.ToHexString(last.Hash.Span)), (head.Sequence, Convert.ToHexString(head.Hash.Span)));
    }

    private static string Shown(JournalRecord record) =>
        $"{record.Sequence} {Convert.ToHexString(record.Previous.Span)} {Convert.ToHexString(record.Hash.Span)} "
        + $"{record.Body.Length} {Convert.ToHexString(SHA256.HashData(record.Body.Span))}";

    private static StateSnapshot Snapshot(long sequence, params byte[] body) => new("state/1", sequence, new byte[32], body);
}
