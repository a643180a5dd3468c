using SwarmPool.State;

namespace SwarmPool.Simulation.Bugs;

/// <summary>A journal that reads with a mistake, or hides a loss; writing wrongly is the disk's part.</summary>
internal sealed class WrongJournal(IPoolJournal inner, Bug bug) : IPoolJournal
{
    private const int Lag = 20;

    private bool isLedger;
    private JournalHead? known;
    private int asked;
    private bool leads;

    public string Location => inner.Location;

    public async ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var lease = await inner.AcquireAsync(pool, owner, duration, cancellationToken);
        leads = true;
        return lease;
    }

    public async ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken)
    {
        try
        {
            await inner.RenewAsync(lease, cancellationToken);
        }
        catch (JournalException) when (bug == Bug.LeaderGoesOnSpeaking)
        {
            return; // That is the mistake.
        }
    }

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => inner.ReleaseAsync(lease, cancellationToken);

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        isLedger = true;
        return inner.AppendAsync(lease, batch, cancellationToken);
    }

    // What a standby sees is a while old, and stays so when it leads.
    public async ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken)
    {
        var head = await inner.HeadAsync(cancellationToken);
        if (bug != Bug.NewLeaderMissesTheTail)
        {
            return head;
        }

        return known = known is null || (!leads && ++asked % Lag == 0) ? head : known;
    }

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

            if (!isLedger && known is not null && record.Sequence > known.Sequence)
            {
                yield break;
            }

            yield return record;
        }
    }

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) =>
        inner.SaveSnapshotAsync(lease, snapshot, cancellationToken);

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => inner.LoadSnapshotAsync(cancellationToken);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) =>
        inner.SaveCursorAsync(lease, cursor, sequence, cancellationToken);

    public async ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => bug == Bug.NewLeaderSkipsTheBacklog
        ? (await inner.HeadAsync(cancellationToken)).Sequence
        : await inner.LoadCursorAsync(cursor, cancellationToken);

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => inner.MembersAsync(cancellationToken);

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) =>
        inner.ReportAsync(owner, sequence, lifetime, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
