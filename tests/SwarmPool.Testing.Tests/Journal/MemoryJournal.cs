using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SwarmPool.State;

namespace SwarmPool.Testing.Tests.Journal;

/// <summary>What a <see cref="MemoryJournal"/> does wrong.</summary>
public enum JournalBug
{
    None = 0,
    TearsBatches,
    ForgetsFences,
    GivesTheSameFenceAgain,
    AnswersBeforeItIsDurable,
    KeepsTheCallersBuffers,
    TakesWhatDoesNotFollow,
    LetsTwoHold,
    ServesAnyPool,
    ReadsOnPastItsHead,
    KeepsTheOldestSnapshot,
    TakesAnyHash,
    NamesALeaderWhoseLeaseIsOver,
    TellsTheRenewalForTheTaking,
    KeepsOneFollowerOnly,
    RemembersReportsForEver,
    WantsALeaseForAReport,
}

/// <summary>The store behind the handles of one test.</summary>
internal sealed class MemoryStore
{
    public Lock Gate { get; } = new();

    public string? Pool { get; set; }

    public long Fence { get; set; }

    public JournalLease? Held { get; set; }

    public JournalLeader? Leader { get; set; }

    public Dictionary<string, (JournalFollower Follower, DateTimeOffset Until)> Followers { get; } = new(StringComparer.Ordinal);

    public List<JournalRecord> Records { get; } = [];

    public List<JournalRecord> Late { get; } = [];

    public List<StateSnapshot> Snapshots { get; } = [];

    public Dictionary<string, long> Cursors { get; } = new(StringComparer.Ordinal);
}

/// <summary>A journal in memory, right but for one bug.</summary>
internal sealed class MemoryJournal(MemoryStore store, JournalBug bug) : IPoolJournal
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private JournalLease? own;
    private bool disposed;

    public string Location => "memory";

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) => Locked(() =>
    {
        if (store.Held is { } holder && bug != JournalBug.LetsTwoHold)
        {
            throw new JournalException(JournalFault.Held, $"Held by {holder.Owner}.");
        }

        if (store.Pool is not null && store.Pool != pool && bug != JournalBug.ServesAnyPool)
        {
            throw new JournalException(JournalFault.OtherPool, $"The journal of {store.Pool}.");
        }

        store.Pool ??= pool;
        store.Fence += bug == JournalBug.GivesTheSameFenceAgain && store.Fence > 0 ? 0 : 1;
        store.Leader = new JournalLeader(store.Fence, owner, Now);
        return own = store.Held = new JournalLease(store.Fence, owner);
    });

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => Do(() =>
    {
        Check(lease);
        store.Leader = bug == JournalBug.TellsTheRenewalForTheTaking ? store.Leader! with { Since = Now } : store.Leader;
    });

    public ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => Do(() =>
    {
        if (store.Held?.Fence == lease.Fence)
        {
            store.Held = null;
        }
    });

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Do(() =>
        {
            Check(lease);
            store.Records.AddRange(store.Late);
            store.Late.Clear();
            var target = bug == JournalBug.TearsBatches ? store.Records : [.. store.Records];
            foreach (var record in batch)
            {
                CheckNext(target, record);
                target.Add(bug == JournalBug.KeepsTheCallersBuffers ? record : record with { Body = record.Body.ToArray() });
            }

            if (bug != JournalBug.TearsBatches)
            {
                (bug == JournalBug.AnswersBeforeItIsDurable ? store.Late : store.Records).AddRange(target.Skip(store.Records.Count));
            }
        });
    }

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) =>
        Locked(() => store.Records.Count == 0 ? JournalHead.Empty : new JournalHead(store.Records[^1].Sequence, store.Records[^1].Hash));

    public async IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = (await HeadAsync(cancellationToken)).Sequence;
        for (var at = Math.Max(1, fromSequence); at <= end; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return await Locked(() => store.Records[(int)at - 1]);
            end = bug == JournalBug.ReadsOnPastItsHead ? (await HeadAsync(cancellationToken)).Sequence : end;
        }
    }

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) => Do(() =>
    {
        Check(lease);
        store.Snapshots.Add(snapshot);
    });

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) =>
        Locked(() => bug == JournalBug.KeepsTheOldestSnapshot ? store.Snapshots.FirstOrDefault() : store.Snapshots.LastOrDefault());

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) => Do(() =>
    {
        Check(lease);
        store.Cursors[cursor] = sequence;
    });

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => Locked(() => store.Cursors.GetValueOrDefault(cursor));

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) => Locked(() => new JournalMembers(
        store.Held is not null || bug == JournalBug.NamesALeaderWhoseLeaseIsOver ? store.Leader : null,
        [.. store.Followers.Values.Where(one => one.Until > Now || bug == JournalBug.RemembersReportsForEver).Select(one => one.Follower)]));

    public ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => Do(() =>
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (bug == JournalBug.WantsALeaseForAReport && own is null)
        {
            throw new JournalException(JournalFault.StaleFence, "No lease.");
        }

        if (bug == JournalBug.KeepsOneFollowerOnly)
        {
            store.Followers.Clear();
        }

        store.Followers[owner] = (new JournalFollower(owner, sequence, Now), Now + lifetime);
    });

    public async ValueTask DisposeAsync()
    {
        if (own is { } lease && !disposed)
        {
            await ReleaseAsync(lease, default);
        }

        disposed = true;
    }

    private void Check(JournalLease lease)
    {
        if (bug != JournalBug.ForgetsFences && store.Held?.Fence != lease.Fence)
        {
            throw new JournalException(JournalFault.StaleFence, $"The fence {lease.Fence} is stale.");
        }
    }

    private void CheckNext(List<JournalRecord> records, JournalRecord record)
    {
        var head = records.Count == 0 ? JournalHead.Empty : new JournalHead(records[^1].Sequence, records[^1].Hash);
        if (bug != JournalBug.TakesWhatDoesNotFollow && (record.Sequence != head.Sequence + 1 || !record.Previous.Span.SequenceEqual(head.Hash.Span)))
        {
            throw new JournalException(JournalFault.NotNext, $"Record {record.Sequence} does not follow {head.Sequence}.");
        }

        if (bug != JournalBug.TakesAnyHash && !SHA256.HashData(record.Body.Span).AsSpan().SequenceEqual(record.Hash.Span))
        {
            throw new JournalException(JournalFault.Damaged, $"Record {record.Sequence} has another hash.");
        }
    }

    private async ValueTask Do(Action work) => await Locked(() =>
    {
        work();
        return true;
    });

    private ValueTask<T> Locked<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        lock (store.Gate)
        {
            return ValueTask.FromResult(work());
        }
    }
}
