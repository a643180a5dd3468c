using System.Globalization;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>
/// The writer's lock: <c>&lt;journal&gt;.lock</c> held open unshared, so that the kernel gives it back however the process ends.
/// </summary>
/// <remarks>
/// The locked file itself can't be read by others on every system, so who holds it stands in <c>&lt;journal&gt;.owner</c>.
/// The lock file is never deleted: a process that had just opened the deleted one would lock nothing.
/// </remarks>
internal sealed class JournalLock : IDisposable
{
    private const int MaxOwnerChars = 200;

    /// <summary>EROFS, the same number on Linux and macOS: it must not be taken for a lock that another process holds.</summary>
    private const int ReadOnlyFileSystem = 30;

    private readonly FileStream held;
    private readonly string ownerPath;

    private JournalLock(FileStream held, string ownerPath)
    {
        this.held = held;
        this.ownerPath = ownerPath;
    }

    public static JournalLock Take(string journal, string owner, TimeProvider time)
    {
        var lockPath = journal + ".lock";
        var ownerFile = journal + ".owner";
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(journal)!);
            taken = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            var since = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            File.WriteAllText(ownerFile, $"{OneLine(owner)} since {since}");
            return new JournalLock(taken, ownerFile);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem })
        {
            taken?.Dispose();
            throw new JournalException(JournalFault.NoRoom, $"The journal {journal} can't be locked: {lockPath} is not writable. Mend the folder's owner or mode, or its file system's mount.", fault);
        }
        catch (IOException fault) when (taken is null && File.Exists(lockPath))
        {
            throw new JournalException(JournalFault.Held, $"The journal {journal} is held by {Holder(ownerFile)}. Stop that process, or give this one another 'journal'.", fault);
        }
        catch (IOException fault)
        {
            taken?.Dispose();
            throw new JournalException(JournalFault.Unavailable, $"The journal {journal} can't be locked: {fault.Message}", fault);
        }
    }

    public void Dispose()
    {
        using (held)
        {
            // While the lock is still held, so that a successor's owner text is not the one deleted.
            File.Delete(ownerPath);
        }
    }

    private static string Holder(string ownerPath)
    {
        try
        {
            using var reader = new StreamReader(ownerPath);
            var text = new char[MaxOwnerChars + 40];
            var length = reader.ReadBlock(text);
            return length == 0 ? "another process" : OneLine(new string(text, 0, length));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "another process (who can't be read)";
        }
    }

    private static string OneLine(string text)
    {
        var head = text.Length > MaxOwnerChars ? text[..MaxOwnerChars] : text;
        return string.Concat(head.Select(c => char.IsControl(c) ? '?' : c));
    }
}
