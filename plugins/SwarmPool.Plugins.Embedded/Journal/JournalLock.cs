using System.Globalization;
using SwarmPool.Files;
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
    /// <summary>EROFS, the same number on Linux and macOS: it must not be taken for a lock that another process holds.</summary>
    private const int ReadOnlyFileSystem = 30;

    /// <summary>
    /// How often the lock is tried before it counts as another's: whoever asks who leads touches it too, for an instant.
    /// </summary>
    private const int Tries = 10;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(5);

    private readonly FileStream held;
    private readonly string ownerPath;
    private readonly string ownerText;

    private JournalLock(FileStream held, string ownerPath, string ownerText)
    {
        this.held = held;
        this.ownerPath = ownerPath;
        this.ownerText = ownerText;
    }

    public static async ValueTask<JournalLock> TakeAsync(string journal, string owner, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Take(journal, owner, time);
            }
            catch (JournalException fault) when (fault.Fault == JournalFault.Held && tries < Tries)
            {
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
        }
    }

    /// <summary>Who holds the lock now and has got its fence; null when nobody does.</summary>
    public static JournalLeader? Leader(string journal)
    {
        var lockPath = journal + ".lock";
        try
        {
            // The text is another's left behind, by a process that died, unless the lock is held as well.
            var text = File.Exists(lockPath) ? Owner(journal + ".owner") : [];
            return text.Length == 3 && IsHeld(lockPath)
                ? new JournalLeader(long.Parse(text[2], NumberStyles.None, CultureInfo.InvariantCulture), text[0], DateTimeOffset.Parse(text[1], CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or FormatException or OverflowException)
        {
            return null; // It was given back in between, or is being written.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalFault.Unavailable, $"The holder of the journal {journal} can't be read: {fault.Message}", fault);
        }
    }

    /// <summary>Adds to the owner's text what it now leads by.</summary>
    public void Lead(long fence) => OwnFile.Write(ownerPath, $"{ownerText}\n{fence.ToString(CultureInfo.InvariantCulture)}");

    private static JournalLock Take(string journal, string owner, TimeProvider time)
    {
        var lockPath = journal + ".lock";
        var ownerFile = journal + ".owner";
        FileStream? taken = null;
        try
        {
            OwnFile.CreateFolder(Path.GetDirectoryName(journal)!);
            taken = OwnFile.OpenOrCreate(lockPath);
            var text = $"{OwnerLine.OneLine(owner)}\n{time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)}";
            OwnFile.Write(ownerFile, text);
            return new JournalLock(taken, ownerFile, text);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem })
        {
            taken?.Dispose();
            throw new JournalException(JournalFault.NoRoom, $"The journal {journal} can't be locked: {lockPath} is not writable. Fix the folder's owner or mode, or its file system's mount.", fault);
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

    // A lock that can't be shared for reading is held by a writer.
    private static bool IsHeld(string lockPath)
    {
        try
        {
            using var look = new FileStream(lockPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return false;
        }
        catch (IOException fault) when (fault is not FileNotFoundException)
        {
            return true;
        }
    }

    private static string Holder(string ownerPath)
    {
        try
        {
            return Owner(ownerPath) is [var owner, var since, ..]
                ? $"{owner} since {DateTimeOffset.Parse(since, CultureInfo.InvariantCulture).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}"
                : "another process";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            return "another process (its name can't be read)";
        }
    }

    // The owner, when it took the lock, and its fence as soon as it has one; each a line.
    private static string[] Owner(string ownerPath)
    {
        using var reader = new StreamReader(RegularFile.OpenRead(ownerPath));
        var text = new char[OwnerLine.MaxChars + 100];
        return [.. new string(text, 0, reader.ReadBlock(text)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(OwnerLine.OneLine)];
    }
}
