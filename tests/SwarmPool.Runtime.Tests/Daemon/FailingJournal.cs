using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A journal whose disk is full as soon as a test says so.</summary>
internal sealed class FailingJournal(IPoolJournal inner, Func<JournalRecord, bool> isFull) : IPoolJournal
{
    public string Location => inner.Location;

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) => batch.Any(isFull)
        ? ValueTask.FromException(new JournalException(JournalFault.NoRoom, $"{Location} has no room: the disk is full. Make room and start again."))
        : inner.AppendAsync(lease, batch, cancellationToken);

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.AcquireAsync(pool, owner, duration, cancellationToken);

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => inner.RenewAsync(lease, cancellationToken);

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => inner.ReleaseAsync(lease, cancellationToken);

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => inner.HeadAsync(cancellationToken);

    public IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, CancellationToken cancellationToken) => inner.ReadAsync(fromSequence, cancellationToken);

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) =>
        inner.SaveSnapshotAsync(lease, snapshot, cancellationToken);

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => inner.LoadSnapshotAsync(cancellationToken);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) =>
        inner.SaveCursorAsync(lease, cursor, sequence, cancellationToken);

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => inner.LoadCursorAsync(cursor, cancellationToken);

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => inner.MembersAsync(cancellationToken);

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) =>
        inner.ReportAsync(owner, sequence, lifetime, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
