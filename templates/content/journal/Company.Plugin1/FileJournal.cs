using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SwarmPool.State;

namespace Company.Plugin1;

/// <summary>A journal in a folder: one synced file of batches, a lock file for the lease, and small files for the rest.</summary>
/// <remarks>The lease is an operating-system lock: it ends with its process and needs no renewal.</remarks>
internal sealed class FileJournal(string folder, TimeProvider time) : IPoolJournal
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly JournalFolder files = new(folder);
    private readonly MemberFiles members = new(folder);
    private FileStream? held;
    private long fence;
    private bool disposed;

    public string Location => folder;

    public ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken) => OneAtATime(() =>
    {
        var taken = files.Lock(owner);
        try
        {
            files.Claim(pool);
            files.CutTornBatch();
            fence = files.NextFence();
            members.Lead(new JournalLeader(fence, owner, time.GetUtcNow()));
            held = taken;
            return new JournalLease(fence, owner);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }, cancellationToken);

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) => Write(lease, static () => { }, cancellationToken);

    public async ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken) => await OneAtATime(() =>
    {
        if (held is not null && lease.Fence == fence)
        {
            held.Dispose();
            held = null;
        }

        return true;
    }, cancellationToken);

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken) => Write(lease, () =>
    {
        var head = files.Head();
        foreach (var record in batch)
        {
            if (record.Sequence != head.Sequence + 1 || !record.Previous.Span.SequenceEqual(head.Hash.Span))
            {
                throw new JournalException(JournalFault.NotNext, $"Record {record.Sequence} does not follow record {head.Sequence} of {folder}.");
            }

            if (!SHA256.HashData(record.Body.Span).AsSpan().SequenceEqual(record.Hash.Span))
            {
                throw new JournalException(JournalFault.Damaged, $"Record {record.Sequence} does not match its hash.");
            }

            head = new JournalHead(record.Sequence, record.Hash);
        }

        files.Append(batch);
    }, cancellationToken);

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => OneAtATime(files.Head, cancellationToken);

    public async IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A batch is whole or not there, so what is read now is the journal up to a head, whoever writes on.
        foreach (var record in await OneAtATime(() => files.Read(), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record.Sequence >= fromSequence)
            {
                yield return record;
            }
        }
    }

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken) =>
        Write(lease, () => files.SaveSnapshot(snapshot), cancellationToken);

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) => OneAtATime(files.LoadSnapshot, cancellationToken);

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken) =>
        Write(lease, () => files.SaveCursor(cursor, sequence), cancellationToken);

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => OneAtATime(() => files.LoadCursor(cursor), cancellationToken);

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken) =>
        OneAtATime(() => new JournalMembers(members.Leader(files.IsLocked()), members.Followers(time.GetUtcNow())), cancellationToken);

    public async ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => await OneAtATime(() =>
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        members.Report(new JournalFollower(owner, sequence, time.GetUtcNow()), time.GetUtcNow() + lifetime);
        return true;
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        disposed = true;
        held?.Dispose();
        held = null;
        gate.Release();
    }

    private async ValueTask Write(JournalLease lease, Action work, CancellationToken cancellationToken) => await OneAtATime(() =>
    {
        if (held is null || lease.Fence != fence)
        {
            throw new JournalException(JournalFault.StaleFence, $"The lease {lease.Fence} of {folder} is not held: another writer took over, or it was released.");
        }

        work();
        return true;
    }, cancellationToken);

    private async ValueTask<T> OneAtATime<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            cancellationToken.ThrowIfCancellationRequested();
            return work();
        }
        catch (IOException fault)
        {
            throw new JournalException(JournalFault.Unavailable, $"{folder}: {fault.Message}", fault);
        }
        finally
        {
            gate.Release();
        }
    }
}
