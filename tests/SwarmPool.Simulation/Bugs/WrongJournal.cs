using SwarmPool.State;

namespace SwarmPool.Simulation.Bugs;

/// <summary>A journal that reads with a mistake; writing wrongly is the disk's part.</summary>
internal sealed class WrongJournal(IPoolJournal inner, Bug bug) : IPoolJournal
{
    private bool isLedger;

    public string Location => inner.Location;

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.AcquireAsync(pool, owner, duration, cancellationToken);

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => inner.RenewAsync(lease, cancellationToken);

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => inner.ReleaseAsync(lease, cancellationToken);

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        isLedger = true;
        return inner.AppendAsync(lease, batch, cancellationToken);
    }

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => inner.HeadAsync(cancellationToken);

    // Every reading of several records after the start is an epoch's: its last proof is passed over.
    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        long fromSequence, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in inner.ReadAsync(fromSequence, cancellationToken))
        {
            if (bug == Bug.LedgerMissesTheLastRecord && isLedger && record.Sequence > fromSequence && record.Body.Span.IndexOf("\"job_decided\""u8) >= 0)
            {
                continue;
            }

            yield return record;
        }
    }

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) =>
        inner.SaveSnapshotAsync(lease, snapshot, cancellationToken);

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => inner.LoadSnapshotAsync(cancellationToken);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) =>
        inner.SaveCursorAsync(lease, cursor, sequence, cancellationToken);

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => inner.LoadCursorAsync(cursor, cancellationToken);

    public ValueTask<JournalStanding> StandingAsync(CancellationToken cancellationToken) => inner.StandingAsync(cancellationToken);

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) =>
        inner.ReportAsync(owner, sequence, lifetime, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
