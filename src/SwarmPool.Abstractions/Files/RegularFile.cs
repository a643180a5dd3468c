namespace SwarmPool.Files;

/// <summary>
/// Reads files that another user of the machine may have put where they are: only regular ones, and without waiting. A FIFO in a file's place
/// would hold up for good whoever opens it, a device would have no end, and a link would lead somewhere else.
/// </summary>
/// <remarks>
/// Thread-safe. On Linux the kernel is asked; elsewhere a link and a folder are told by their attributes before the file is opened, which
/// leaves an instant, and a FIFO there is not told.
/// </remarks>
public static class RegularFile
{
    /// <summary>Opens a file to read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followsLinks">
    /// Whether the path may be a link: true for a file that this program's own user names, false for one in a folder that others may write.
    /// </param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="IOException">It is no regular file, a link that is not followed, or can't be read.</exception>
    public static FileStream OpenRead(string path, bool followsLinks = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OperatingSystem.IsLinux() ? OpenOnLinux(path, followsLinks) : OpenElsewhere(path, followsLinks);
    }

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes that are read; 0 or more.</param>
    /// <param name="followsLinks">As for <see cref="OpenRead"/>.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="IOException">It has more bytes, is no regular file, a link that is not followed, or can't be read.</exception>
    public static byte[] ReadAllBytes(string path, long maxBytes, bool followsLinks = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        using var file = OpenRead(path, followsLinks);
        if (file.Length > maxBytes)
        {
            throw new IOException($"{path} has {file.Length} bytes; at most {maxBytes} are read.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static FileStream OpenOnLinux(string path, bool followsLinks)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException();
        }

        var handle = UnixFile.Open(path, followsLinks);
        try
        {
            return UnixFile.Of(handle, path).Kind == UnixFile.Kind.Regular ? new FileStream(handle, FileAccess.Read, bufferSize: 1) : throw NotRegular(path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static FileStream OpenElsewhere(string path, bool followsLinks)
    {
        var attributes = File.GetAttributes(path);
        return attributes.HasFlag(FileAttributes.Directory) || attributes.HasFlag(FileAttributes.Device) || (attributes.HasFlag(FileAttributes.ReparsePoint) && !followsLinks)
            ? throw NotRegular(path)
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
    }

    private static IOException NotRegular(string path) => new($"{path} is no regular file: put one there, or take away what is.");
}
