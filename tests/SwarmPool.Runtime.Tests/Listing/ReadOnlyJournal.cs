using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Listing;

/// <summary>A journal that can be read from its first record on, and nothing else: a list needs no more of one.</summary>
internal abstract class ReadOnlyJournal : IPoolJournal
{
    public string Location => "records as they are made";

    public abstract IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, CancellationToken cancellationToken);

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
