namespace SwarmPool.Files;

/// <summary>
/// Which file a path led to, and in what state: for whoever keeps what a file held and must see that another one is there. Links are followed
/// to the end, so that a swapped link, in the folders above too, is another file.
/// </summary>
/// <remarks>
/// Immutable. On Linux it is the kernel's own number of the file and the time of its last change, which nobody sets; elsewhere its real path,
/// length and time of writing. Two changes within the clock's grain may have one stamp: compare by content what <see cref="IsYoung"/>.
/// </remarks>
public readonly record struct FileStamp
{
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(3);

    private readonly string file;
    private readonly long length;
    private readonly DateTime written;
    private readonly DateTime changed;

    private FileStamp(string file, long length, uint names, DateTime written, DateTime changed)
    {
        Names = names;
        this.file = file;
        this.length = length;
        this.written = written;
        this.changed = changed;
    }

    /// <summary>How many names the file has in its file system (hard links); told on Linux, elsewhere 1. A path's links are none of them.</summary>
    public uint Names { get; }

    /// <summary>The stamp of a file now.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not ask.</exception>
    /// <exception cref="IOException">It can't be asked, or its links lead in a circle.</exception>
    public static FileStamp Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsLinux())
        {
            var state = UnixFile.StateOf(path);
            return new FileStamp(FormattableString.Invariant($"{state.Device}:{state.Number}"), state.Length, state.Names, state.Written, state.Changed);
        }

        var info = new FileInfo(RealPath.Of(path));
        return info.Exists
            ? new FileStamp(info.FullName, info.Length, 1, info.LastWriteTimeUtc, info.LastWriteTimeUtc)
            : throw new FileNotFoundException($"There is no file {path}.", path);
    }

    /// <summary>Whether it was changed so lately, within 3 seconds of a time, that another change could have the same stamp.</summary>
    /// <param name="now">The time, UTC.</param>
    public bool IsYoung(DateTimeOffset now) => now.UtcDateTime - changed <= Grain || now.UtcDateTime - written <= Grain;
}
