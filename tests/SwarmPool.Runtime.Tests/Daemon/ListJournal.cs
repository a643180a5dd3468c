using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A journal in a list.</summary>
internal sealed class ListJournal(IReadOnlyList<JournalRecord> records) : IPoolJournal
{
    private readonly List<JournalRecord> records = [.. records];

    public IReadOnlyList<JournalRecord> Records => records;

    public void Cut(int kept) => records.RemoveRange(kept, records.Count - kept);

    public string Location => "a list";

    public IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, CancellationToken cancellationToken) =>
        records.Where(r => r.Sequence >= fromSequence).ToAsyncEnumerable();

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) => new(new JournalLease(1, owner));

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => default;

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => default;

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        records.AddRange(batch);
        return default;
    }

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) =>
        new(records.Count == 0 ? JournalHead.Empty : new JournalHead(records[^1].Sequence, records[^1].Hash));

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => new((StateSnapshot?)null);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
