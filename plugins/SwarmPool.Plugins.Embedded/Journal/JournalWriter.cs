using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>The one writing connection, from the taking of the lock to its giving back. Used by one caller at a time.</summary>
internal sealed class JournalWriter : IDisposable
{
    private const int HashBytes = 32;
    private const int SnapshotsKept = 2;

    private readonly JournalLock held;
    private readonly SqliteConnection connection;
    private readonly string path;

    // What each append asks, kept compiled: SQLite took as long to read the statements as to run them.
    private readonly SqliteCommand fenceOf;
    private readonly SqliteCommand headOf;
    private readonly SqliteCommand insert;

    private JournalWriter(JournalLock held, SqliteConnection connection, string path, JournalLease lease)
    {
        this.held = held;
        this.connection = connection;
        this.path = path;
        Lease = lease;
        fenceOf = JournalSchema.Command(connection, "SELECT fence FROM meta");
        headOf = JournalSchema.Command(connection, JournalReader.HeadQuery);
        insert = JournalSchema.Command(connection, "INSERT INTO records VALUES ($sequence, $previous, $hash, $body)");
        insert.Parameters.Add("$sequence", SqliteType.Integer);
        insert.Parameters.Add("$previous", SqliteType.Blob);
        insert.Parameters.Add("$hash", SqliteType.Blob);
        insert.Parameters.Add("$body", SqliteType.Blob);
    }

    public JournalLease Lease { get; }

    public static async ValueTask<JournalWriter> OpenAsync(string path, string pool, string owner, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var taken = await JournalLock.TakeAsync(path, owner, time, cancellationToken);
        SqliteConnection? opened = null;
        try
        {
            JournalRights.Keep(path, logger);
            opened = JournalSchema.Connect(path, SqliteOpenMode.ReadWriteCreate);
            JournalSchema.Ensure(opened, path, pool);
            CheckTail(opened, path);
            var fence = RaiseFence(opened);
            taken.Lead(fence);
            return new JournalWriter(taken, opened, path, new JournalLease(fence, owner));
        }
        catch (Exception fault)
        {
            opened?.Dispose();
            taken.Dispose();
            if (fault is SqliteException sqlite)
            {
                throw SqliteErrors.Translate(path, "opening it to write", sqlite);
            }

            throw;
        }
    }

    public static JournalException Stale(string path, long fence, string why) =>
        new(JournalFault.StaleFence, $"The lease {fence} on the journal {path} is over: {why}. This writer must stop.");

    public void CheckFence(long fence) => CheckFence(fence, null);

    private void CheckFence(long fence, SqliteTransaction? transaction)
    {
        fenceOf.Transaction = transaction;
        var current = (long)fenceOf.ExecuteScalar()!;
        if (fence != current)
        {
            throw Stale(path, fence, $"lease {current} came after it");
        }
    }

    public void Append(long fence, IReadOnlyList<JournalRecord> batch)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        CheckFence(fence, transaction);
        headOf.Transaction = transaction;
        var head = JournalReader.Head(headOf);
        insert.Transaction = transaction;
        foreach (var record in batch)
        {
            CheckNext(head, record);
            insert.Parameters[0].Value = record.Sequence;
            insert.Parameters[1].Value = Bytes(record.Previous);
            insert.Parameters[2].Value = Bytes(record.Hash);
            insert.Parameters[3].Value = Bytes(record.Body);
            insert.ExecuteNonQuery();
            head = new JournalHead(record.Sequence, record.Hash);
        }

        transaction.Commit();
    }

    public void SaveSnapshot(long fence, StateSnapshot snapshot)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        CheckFence(fence, transaction);
        JournalSchema.Run(
            connection,
            "INSERT OR REPLACE INTO snapshots VALUES ($sequence, $format, $hash, $body, $digest)",
            ("$sequence", snapshot.Sequence),
            ("$format", snapshot.Format),
            ("$hash", Bytes(snapshot.Hash)),
            ("$body", Bytes(snapshot.Body)),
            ("$digest", SHA256.HashData(snapshot.Body.Span)));
        JournalSchema.Run(
            connection,
            "DELETE FROM snapshots WHERE sequence NOT IN (SELECT sequence FROM snapshots ORDER BY sequence DESC LIMIT $kept)",
            ("$kept", SnapshotsKept));
        transaction.Commit();
    }

    public void SaveCursor(long fence, string name, long sequence)
    {
        // A lost cursor is an older one, so this commit need not wait for the disk; the next append syncs it along.
        JournalSchema.Run(connection, "PRAGMA synchronous = NORMAL");
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            CheckFence(fence, transaction);
            JournalSchema.Run(connection, "INSERT OR REPLACE INTO cursors VALUES ($name, $sequence)", ("$name", name), ("$sequence", sequence));
            transaction.Commit();
        }
        finally
        {
            JournalSchema.Run(connection, "PRAGMA synchronous = FULL");
        }
    }

    public void Dispose()
    {
        using (held)
        using (connection)
        {
            fenceOf.Dispose();
            headOf.Dispose();
            insert.Dispose();
        }
    }

    private static long RaiseFence(SqliteConnection connection) =>
        (long)JournalSchema.Scalar(connection, "UPDATE meta SET fence = fence + 1 RETURNING fence")!;

    private static void CheckTail(SqliteConnection connection, string path)
    {
        var head = JournalReader.Head(connection);
        if (head.Sequence == 0)
        {
            return;
        }

        var body = (byte[])JournalSchema.Scalar(connection, "SELECT body FROM records WHERE sequence = $sequence", ("$sequence", head.Sequence))!;
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(head.Hash.Span))
        {
            throw JournalReader.Damaged(path, head.Sequence, "(the last) does not match its hash");
        }
    }

    private void CheckNext(JournalHead head, JournalRecord record)
    {
        if (record.Sequence != head.Sequence + 1 || !record.Previous.Span.SequenceEqual(head.Hash.Span))
        {
            throw new JournalException(JournalFault.NotNext, $"Record {record.Sequence} does not follow the head of the journal {path}, which is {head.Sequence}. Read the head again; nothing was appended.");
        }

        if (record.Hash.Length != HashBytes || !SHA256.HashData(record.Body.Span).AsSpan().SequenceEqual(record.Hash.Span))
        {
            throw new JournalException(JournalFault.Damaged, $"Record {record.Sequence} does not match its own hash; nothing was appended to the journal {path}.");
        }
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : memory.ToArray();
}
