using Microsoft.Extensions.Logging;
using SwarmPool.Files;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>
/// Only the user who runs the daemon opens the journal's files: whoever may read one can lock it, and with it the daemon; whoever may write one,
/// or in its folder, can put another in its place.
/// </summary>
internal static class JournalRights
{
    /// <summary>Makes the file, if there is none, and takes from others what they may do with it and with what lies beside it.</summary>
    /// <exception cref="JournalException"><see cref="JournalFault.Exposed"/>: they are another user's, or it can't be done.</exception>
    public static void Keep(string journal, ILogger logger)
    {
        try
        {
            if (Directory.Exists(journal))
            {
                throw new IOException($"{journal} is a folder.");
            }

            // SQLite gives what it makes beside a file (-wal, -shm) the rights of the file.
            OwnFile.OpenOrCreate(journal).Dispose();
            if (FileStamp.Of(journal) is { Names: > 1 and var names })
            {
                throw new UnauthorizedAccessException($"it has {names} names (hard links), and a daemon that names another one would write the same file beside this one. Find them by 'find / -xdev -samefile {journal}', and take all but one away.");
            }

            foreach (var path in (string[])[Path.GetDirectoryName(journal)!, journal, journal + "-wal", journal + "-shm", journal + ".lock", journal + ".followers"])
            {
                if (OwnFile.Protect(path))
                {
                    EmbeddedLog.RightsTaken(logger, path);
                }
            }
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new JournalException(JournalFault.Exposed, $"The journal {journal} is not this user's alone: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new JournalException(JournalFault.Unavailable, $"The journal {journal} can't be made: {fault.Message}", fault);
        }
    }
}
