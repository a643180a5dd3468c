using Microsoft.Data.Sqlite;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>Translates SQLite's result codes (sqlite.org/rescode.html) to the journal's errors, with the fix.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CantOpen = 14;
    private const int NotADatabase = 26;

    public static JournalException Translate(string path, string doing, SqliteException fault)
    {
        var (kind, fix) = fault.SqliteErrorCode switch
        {
            Full => (JournalFault.NoRoom, "the disk is full: free space, then start again"),
            ReadOnly => (JournalFault.NoRoom, "the file or its folder is not writable: fix its owner or mode"),
            Corrupt => (JournalFault.Damaged, "the file is damaged: keep a copy of it, then restore the newest backup or a standby's journal"),
            NotADatabase => (JournalFault.Damaged, "the file is not a SQLite database: fix the option 'journal', or restore a backup"),
            CantOpen => (JournalFault.Unavailable, "the file can't be opened: check that it and its folder exist and are readable"),
            Busy or Locked => (JournalFault.Unavailable, "another program keeps the file locked: end it, then try again"),
            _ => (JournalFault.Unavailable, "check the disk and the system's log"),
        };
        return new JournalException(kind, $"The journal {path} failed while {doing} (SQLite {fault.SqliteExtendedErrorCode}: {fault.Message}); {fix}.", fault);
    }

    public static T Named<T>(string path, string doing, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException fault)
        {
            throw Translate(path, doing, fault);
        }
    }
}
