using Microsoft.Data.Sqlite;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>The file's tables, and the connections to it.</summary>
internal static class JournalSchema
{
    /// <summary>The file's format; a later one is refused rather than guessed at.</summary>
    public const long Format = 1;

    private const string Tables = """
        CREATE TABLE meta(one INTEGER PRIMARY KEY CHECK (one = 1), pool TEXT NOT NULL, format INTEGER NOT NULL, fence INTEGER NOT NULL) STRICT;
        CREATE TABLE records(sequence INTEGER PRIMARY KEY, previous BLOB NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE snapshots(sequence INTEGER PRIMARY KEY, format TEXT NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL, digest BLOB NOT NULL) STRICT;
        CREATE TABLE cursors(name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
        """;

    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        // No pool: it would keep files open behind the lease's back.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the tables in an empty file, and sees that they are this pool's.</summary>
    public static void Ensure(SqliteConnection connection, string path, string pool)
    {
        // Looked at first: turning on WAL changes a file, and this one may be another application's.
        if (!IsEmpty(connection))
        {
            CheckFormat(connection, path);
        }

        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        using var transaction = connection.BeginTransaction(deferred: false);
        if (IsEmpty(connection))
        {
            Run(connection, Tables);
            Run(connection, "INSERT INTO meta VALUES (1, $pool, $format, 0)", ("$pool", pool), ("$format", Format));
        }

        if (Scalar(connection, "SELECT pool FROM meta") is string known && known != pool)
        {
            throw new JournalException(JournalFault.OtherPool, $"The journal {path} belongs to the pool {known}, not to {pool}. Fix the option 'journal' or the pool's name.");
        }

        transaction.Commit();
    }

    public static void CheckFormat(SqliteConnection connection, string path)
    {
        if ((long)Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'records', 'snapshots', 'cursors') AND type = 'table'")! != 4
            || Scalar(connection, "SELECT format FROM meta") is not long format)
        {
            throw new JournalException(JournalFault.Damaged, $"The file {path} is not a pool's journal. Fix the option 'journal', or restore a backup.");
        }

        if (format != Format)
        {
            throw new JournalException(JournalFault.Damaged, $"The journal {path} has format {format}; this version reads {Format}. Use the version that wrote it.");
        }
    }

    private static bool IsEmpty(SqliteConnection connection) => (long)Scalar(connection, "SELECT count(*) FROM sqlite_schema")! == 0;

    public static void Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteScalar();
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this project; values go in as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
