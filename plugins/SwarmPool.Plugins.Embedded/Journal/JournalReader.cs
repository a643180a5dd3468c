using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>
/// Reads a journal over its own read-only connection, checking on the way that each record follows the one before it. That
/// its bytes match its hash is for whoever decodes them to check: doing so twice was an eighth of a daemon's start.
/// </summary>
internal sealed class JournalReader : IDisposable
{
    /// <summary>Asks for the head.</summary>
    public const string HeadQuery = "SELECT sequence, hash FROM records ORDER BY sequence DESC LIMIT 1";

    /// <summary>Rows taken at a time, so that a long read holds no transaction open: one would keep the WAL from being emptied.</summary>
    private const int PageRows = 500;

    private readonly SqliteConnection connection;
    private readonly string path;

    private JournalReader(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    public static JournalReader Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new JournalException(JournalFault.Unavailable, $"There is no journal {path}. Start the daemon once, or fix the option 'journal'.");
        }

        SqliteConnection? opened = null;
        try
        {
            opened = JournalSchema.Connect(path, SqliteOpenMode.ReadOnly);
            JournalSchema.CheckFormat(opened, path);
            return new JournalReader(opened, path);
        }
        catch (SqliteException fault)
        {
            opened?.Dispose();
            throw SqliteErrors.Translate(path, "opening it to read", fault);
        }
        catch
        {
            opened?.Dispose();
            throw;
        }
    }

    public JournalHead Head() => Head(connection);

    public static JournalHead Head(SqliteConnection connection)
    {
        using var command = JournalSchema.Command(connection, HeadQuery);
        return Head(command);
    }

    /// <summary>What a command of <see cref="HeadQuery"/> finds.</summary>
    public static JournalHead Head(SqliteCommand command)
    {
        using var row = command.ExecuteReader();
        return row.Read() ? new JournalHead(row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : JournalHead.Empty;
    }

    public IEnumerable<JournalRecord> Records(long from)
    {
        var end = SqliteErrors.Named(path, "reading", Head).Sequence;
        var previous = SqliteErrors.Named(path, "reading", () => HashBefore(from));
        for (var next = from; next <= end;)
        {
            var start = next;
            foreach (var record in SqliteErrors.Named(path, "reading", () => Page(start, end)))
            {
                Check(record, next, previous);
                previous = record.Hash;
                next++;
                yield return record;
            }

            if (next == start)
            {
                throw Damaged(path, next, "is missing");
            }
        }
    }

    public StateSnapshot? NewestSnapshot()
    {
        using var command = JournalSchema.Command(connection, "SELECT format, sequence, hash, body, digest FROM snapshots ORDER BY sequence DESC");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            // A snapshot is a cache: one whose bytes went bad is passed over for the older one, or for a replay.
            var body = row.GetFieldValue<byte[]>(3);
            if (SHA256.HashData(body).AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(4)))
            {
                return new StateSnapshot(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), body);
            }
        }

        return null;
    }

    public long Cursor(string name) =>
        JournalSchema.Scalar(connection, "SELECT sequence FROM cursors WHERE name = $name", ("$name", name)) is long at ? at : 0;

    public static JournalException Damaged(string path, long sequence, string what) =>
        new(JournalFault.Damaged, $"The journal {path} is damaged: record {sequence} {what}. Keep a copy of the file, then restore the newest backup or a standby's journal.");

    public void Dispose() => connection.Dispose();

    private ReadOnlyMemory<byte> HashBefore(long sequence) => sequence == 1
        ? JournalHead.Empty.Hash
        : JournalSchema.Scalar(connection, "SELECT hash FROM records WHERE sequence = $sequence", ("$sequence", sequence - 1)) as byte[];

    private List<JournalRecord> Page(long from, long end)
    {
        using var command = JournalSchema.Command(
            connection,
            "SELECT sequence, previous, hash, body FROM records WHERE sequence BETWEEN $from AND $end ORDER BY sequence LIMIT $rows",
            ("$from", from),
            ("$end", end),
            ("$rows", PageRows));
        using var row = command.ExecuteReader();
        var page = new List<JournalRecord>();
        while (row.Read())
        {
            page.Add(new JournalRecord(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)));
        }

        return page;
    }

    private void Check(JournalRecord record, long sequence, ReadOnlyMemory<byte> previous)
    {
        if (record.Sequence != sequence)
        {
            throw Damaged(path, sequence, "is missing");
        }

        if (!record.Previous.Span.SequenceEqual(previous.Span))
        {
            throw Damaged(path, sequence, "does not follow the one before it");
        }
    }
}
