using System.Runtime.CompilerServices;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A journal whose store somebody changes while a daemon runs: it takes what is appended, and gives something else to whoever reads.</summary>
internal sealed class ShiftingJournal(IPoolJournal inner) : IPoolJournal
{
    /// <summary>What a record is to a reader; null while nobody has changed anything.</summary>
    public Func<PoolState, PoolRecord, PoolRecord>? Forge { get; set; }

    public string Location => inner.Location;

    public async IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = Forge is { } forge ? new ForgedJournal(inner, forge) : inner;
        await foreach (var record in source.ReadAsync(fromSequence, cancellationToken))
        {
            yield return record;
        }
    }

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) => inner.AppendAsync(lease, batch, cancellationToken);

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.AcquireAsync(pool, owner, duration, cancellationToken);

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => inner.RenewAsync(lease, cancellationToken);

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => inner.ReleaseAsync(lease, cancellationToken);

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => inner.HeadAsync(cancellationToken);

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) => inner.SaveSnapshotAsync(lease, snapshot, cancellationToken);

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => inner.LoadSnapshotAsync(cancellationToken);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) =>
        inner.SaveCursorAsync(lease, cursor, sequence, cancellationToken);

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => inner.LoadCursorAsync(cursor, cancellationToken);

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => inner.MembersAsync(cancellationToken);

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) =>
        inner.ReportAsync(owner, sequence, lifetime, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
