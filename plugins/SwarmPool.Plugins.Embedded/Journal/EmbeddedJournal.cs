using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SwarmPool.Files;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>
/// The journal in one SQLite file: the lease is an operating-system lock, the fence a number in the file that each
/// writer raises. Reading opens the file read-only and needs no lease.
/// </summary>
/// <remarks>
/// SQLite is synchronous: a call does its work on the caller's thread. The sequencer waits for its append in any case,
/// so another thread would only add latency. Links in its path are followed once, when it is made: the lock and all that lies beside a journal
/// belong to the file itself, whatever path a daemon names it by.
/// </remarks>
internal sealed class EmbeddedJournal(string named, TimeProvider time, ILogger<EmbeddedJournal> logger) : IPoolJournal
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string path = RealPath.Of(named);
    private readonly FollowerFiles followers = new(RealPath.Of(named), time);
    private JournalWriter? writer;
    private bool disposed;

    public string Location => path;

    public async ValueTask<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(pool);
        ArgumentNullException.ThrowIfNull(owner);
        using (await EnterAsync(cancellationToken))
        {
            // A second lease of this same instance is refused by the same lock that refuses other processes.
            var taken = await JournalWriter.OpenAsync(path, pool, owner, time, logger, cancellationToken);
            writer = taken;
            EmbeddedLog.JournalAcquired(logger, path, pool, taken.Lease.Fence);
            return taken.Lease;
        }
    }

    public ValueTask RenewAsync(JournalLease lease, CancellationToken cancellationToken) =>
        WriteAsync(lease, static (writer, fence) => writer.CheckFence(fence), cancellationToken);

    public async ValueTask ReleaseAsync(JournalLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        using (await EnterAsync(cancellationToken))
        {
            if (writer is { } held && held.Lease.Fence == lease.Fence)
            {
                writer = null;
                held.Dispose();
                EmbeddedLog.JournalReleased(logger, path, lease.Fence);
            }
        }
    }

    public ValueTask AppendAsync(JournalLease lease, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return WriteAsync(lease, (writer, fence) => writer.Append(fence, batch), cancellationToken);
    }

    public ValueTask SaveSnapshotAsync(JournalLease lease, StateSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return WriteAsync(lease, (writer, fence) => writer.SaveSnapshot(fence, snapshot), cancellationToken);
    }

    public ValueTask SaveCursorAsync(JournalLease lease, string cursor, long sequence, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(cursor);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        return WriteAsync(lease, (writer, fence) => writer.SaveCursor(fence, cursor, sequence), cancellationToken);
    }

    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) =>
        Read(static reader => reader.Head(), cancellationToken);

    public ValueTask<StateSnapshot?> LoadSnapshotAsync(CancellationToken cancellationToken) =>
        Read(static reader => reader.NewestSnapshot(), cancellationToken);

    public ValueTask<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(cursor);
        return Read(reader => reader.Cursor(cursor), cancellationToken);
    }

    public async IAsyncEnumerable<JournalRecord> ReadAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = JournalReader.Open(path);
        foreach (var record in reader.Records(Math.Max(1, fromSequence)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await ValueTask.CompletedTask;
    }

    public ValueTask<JournalMembers> MembersAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new JournalMembers(JournalLock.Leader(path), followers.Read()));
    }

    public async ValueTask ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        await followers.WriteAsync(owner, sequence, lifetime, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        try
        {
            disposed = true;
            writer?.Dispose();
            writer = null;
        }
        finally
        {
            // Released, not disposed: whoever waits for it is to learn that the journal is closed.
            gate.Release();
        }
    }

    private ValueTask<T> Read<T>(Func<JournalReader, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            using var reader = JournalReader.Open(path);
            return ValueTask.FromResult(SqliteErrors.Named(path, "reading", () => read(reader)));
        }
        catch (JournalException fault)
        {
            return ValueTask.FromException<T>(fault);
        }
    }

    private async ValueTask WriteAsync(JournalLease lease, Action<JournalWriter, long> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        using (await EnterAsync(cancellationToken))
        {
            var held = writer ?? throw JournalWriter.Stale(path, lease.Fence, "it was released");
            try
            {
                write(held, lease.Fence);
            }
            catch (SqliteException fault)
            {
                throw SqliteErrors.Translate(path, "writing", fault);
            }
        }
    }

    private async ValueTask<Exit> EnterAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        if (!disposed)
        {
            return new Exit(gate);
        }

        gate.Release();
        throw new ObjectDisposedException(nameof(EmbeddedJournal));
    }

    private readonly struct Exit(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
