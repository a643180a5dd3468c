using System.Security.Cryptography;

namespace SwarmPool.Files;

/// <summary>
/// Makes files and folders, whatever the process's umask is: only the user who runs the program may open them (0600, 0700). Whoever could read
/// a journal could lock it, and with it the daemon.
/// </summary>
/// <remarks>
/// Thread-safe. On Windows a file has the rights of its folder, as there is usual. A file in a folder that its owner shares with others
/// (<see cref="WriteSharedAsync"/>) may be read by whoever may read the folder.
/// </remarks>
public static class OwnFile
{
    /// <summary>How the files begin that are being written; a crash leaves one behind.</summary>
    public const string AsidePrefix = ".writing-";

    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = Own | UnixFileMode.UserExecute;
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Others = OthersRead | OthersWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes a file, never over another; a link in its place is not followed.</summary>
    /// <exception cref="IOException">There is one, or it can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static FileStream Create(string path) => new(path, ToCreate());

    /// <summary>Makes a file of a text, as UTF-8, never over another; a link in its place is not followed.</summary>
    /// <exception cref="IOException">There is one, or it can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void Create(string path, string text)
    {
        using var file = Create(path);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    /// <summary>What <see cref="Create(string)"/> makes a file with, for a stream of another kind.</summary>
    public static FileStreamOptions ToCreate() => Options(FileMode.CreateNew, FileShare.None);

    /// <summary>Sees whether a file could be written there, without touching it.</summary>
    /// <exception cref="IOException">It could not.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void TryBeside(string path)
    {
        var aside = AsideOf(path);
        Create(aside).Dispose();
        File.Delete(aside);
    }

    /// <summary>Opens a file to write it, which is made when there is none.</summary>
    /// <exception cref="IOException">It is open elsewhere, or can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static FileStream OpenOrCreate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FileInfo(path).LinkTarget is null
            ? new FileStream(path, Options(FileMode.OpenOrCreate, FileShare.None))
            : throw new IOException($"{path} is a link, which is not followed here: take it away.");
    }

    /// <summary>Makes a folder and those above it that are not there; one that is there stays as it is.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void CreateFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // One after the other: a mode that is given counts for the last alone.
        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) is { } parent && !Directory.Exists(parent))
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(path, OwnFolder);
    }

    /// <summary>Makes a folder below one that may be shared, for the same people.</summary>
    /// <exception cref="IOException">It can't be made, or is a link.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void CreateFolderIn(string parent, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(parent);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var path = Path.Combine(parent, name);
        if (new DirectoryInfo(path) is { Exists: true } there)
        {
            if (there.LinkTarget is not null)
            {
                throw new IOException($"{path} is a link, which is not followed here: take it away.");
            }

            return;
        }

        CreateFolder(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(parent) | OwnFolder);
        }
    }

    /// <summary>Writes a file so that a reader, or a crash, sees the old content or the new, never a part.</summary>
    /// <param name="path">The file; what is there is replaced. A link is followed, and a device or FIFO written to: the path is what this program's own user names.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        if (new FileInfo(path) is { Exists: true, LinkTarget: not null } link)
        {
            path = link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path; // What a user links to is what he means.
        }

        if (OperatingSystem.IsLinux() && Path.Exists(path) && UnixFile.Of(path).Kind != UnixFile.Kind.Regular)
        {
            using var device = new FileStream(path, FileMode.Open, FileAccess.Write); // /dev/stdout, say: written to, never replaced.
            device.Write(content);
            return;
        }

        var aside = AsideOf(path);
        try
        {
            using (var file = Create(aside))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>As <see cref="Write(string, ReadOnlySpan{byte})"/>, a text as UTF-8.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Writes a file into a folder that may be shared, whole or not at all: whoever may read the folder may read it. It is written under a
    /// name that nobody can foresee, so that no link of another's can stand there.
    /// </summary>
    /// <param name="path">The file; what is there is replaced.</param>
    /// <param name="content">All of it.</param>
    /// <param name="isDurable">Whether it has to be on the disk when this returns.</param>
    /// <param name="cancellationToken">Gives up; the old file stays.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static async ValueTask WriteSharedAsync(string path, ReadOnlyMemory<byte> content, bool isDurable, CancellationToken cancellationToken)
    {
        var aside = AsideOf(path);
        try
        {
            await using (var file = Create(aside))
            {
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(file.SafeFileHandle, Own | (File.GetUnixFileMode(Path.GetDirectoryName(aside)!) & OthersRead));
                }

                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: isDurable);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>
    /// Takes from others what they may do with a file of this user's: all of it. Of a folder they keep what they may read, and a folder like
    /// <c>/tmp</c>, where nobody may touch another's files, stays as it is.
    /// </summary>
    /// <param name="path">A file or folder; where there is none, nothing is done.</param>
    /// <returns>Whether there was something to take.</returns>
    /// <exception cref="UnauthorizedAccessException">It is another user's, who could do with it what he likes; the message says what to do.</exception>
    public static bool Protect(string path) => Protect(path, OperatingSystem.IsLinux() ? UnixFile.User : 0);

    /// <summary>As <see cref="Protect(string)"/>, for a user.</summary>
    internal static bool Protect(string path, uint user)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path))
        {
            return false;
        }

        var isFolder = Directory.Exists(path);
        var mode = File.GetUnixFileMode(path);
        if (isFolder && mode.HasFlag(UnixFileMode.StickyBit))
        {
            return false;
        }

        // Root may be given another's folder, as containers are; nobody is to be protected from root.
        if (OperatingSystem.IsLinux() && user != 0 && UnixFile.Of(path).Owner is not 0 and var owner && owner != user)
        {
            throw new UnauthorizedAccessException($"{path} belongs to another user (number {owner}), who can change it: give it to the user who runs this (chown), or name another place.");
        }

        var taken = mode & (isFolder ? OthersWrite : Others);
        if (taken == UnixFileMode.None)
        {
            return false;
        }

        try
        {
            File.SetUnixFileMode(path, mode & ~taken);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UnauthorizedAccessException($"Others than its owner may {(isFolder ? "write in" : "open")} {path}, and that can't be changed ({fault.Message}): run chmod {(isFolder ? "go-w" : "600")} {path}, or name another place.", fault);
        }
    }

    private static string AsideOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, AsidePrefix + RandomNumberGenerator.GetHexString(24, lowercase: true));
    }

    private static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 1 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Own;
        }

        return options;
    }
}
