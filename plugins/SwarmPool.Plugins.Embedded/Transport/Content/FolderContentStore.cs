using SwarmPool.Files;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Content;

/// <summary>
/// Contents in a folder that all parties of a machine share: one file a CID, written aside, synced, then renamed, so
/// that a reader sees all of it or nothing; what is read is checked against its CID.
/// </summary>
/// <remarks>
/// The folder is made for this user alone; one that is there may be shared with other users of the machine, who can put anything there: links and
/// FIFOs in a content's place are not opened, and contents can be read by whoever may read the folder.
/// Every file name is made here from a CID's or a digest's own letters, never from a text that came from outside.
/// </remarks>
internal sealed class FolderContentStore : IContentStore
{
    private const string PinsName = "pins";
    private const string PointersName = "pointers";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly string folder;
    private readonly TimeSpan wait;
    private readonly TimeProvider time;
    private readonly FolderQuota room;
    private readonly PointerFolder pointers;

    public FolderContentStore(string folder, int maxContentBytes, long maxStoreBytes, TimeSpan wait, TimeProvider time)
    {
        this.folder = folder;
        this.wait = wait;
        this.time = time;
        MaxContentBytes = maxContentBytes;
        room = new FolderQuota(folder, maxStoreBytes, time);
        pointers = new PointerFolder(Path.Combine(folder, PointersName));
    }

    public int MaxContentBytes { get; }

    private string Pins => Path.Combine(folder, PinsName);

    /// <exception cref="TransportException">The folder can't be made.</exception>
    public void Start()
    {
        try
        {
            OwnFile.CreateFolder(folder);
            OwnFile.CreateFolderIn(folder, PinsName);
            OwnFile.CreateFolderIn(folder, PointersName);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable($"can't be created ({fault.Message}). Fix the option 'blocks' or the folder's mode", fault);
        }
    }

    public async ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > MaxContentBytes)
        {
            throw new TransportException(TransportFault.TooLarge, $"A content of {content.Length} bytes is too large: at most {MaxContentBytes} (max_content_bytes).");
        }

        var cid = ContentAddress.Of(content.Span);
        var path = PathOf(cid);
        try
        {
            if (!await IsStoredAsync(path, content, cancellationToken))
            {
                room.Take(content.Length);
                await OwnFile.WriteSharedAsync(path, content, isDurable: true, cancellationToken);
            }

            return cid;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable($"can't store {cid} ({fault.Message}). Check that the disk has space and the folder is writable", fault);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        var path = PathOf(cid);
        var begun = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await ReadAsync(cid, path, Math.Min(maxBytes, MaxContentBytes), cancellationToken) is { } content)
            {
                return ContentAddress.Matches(cid, content)
                    ? content
                    : throw new TransportException(TransportFault.Mismatch, $"The bytes of {path} don't match their CID. Delete the file; whoever has the content has to put it again.");
            }

            if (time.GetElapsedTime(begun) >= wait)
            {
                throw new TransportException(TransportFault.NotFound, $"{cid} is not in {folder} (waited {wait.TotalSeconds:0.#} s). Do all parties use the same 'blocks' folder?");
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Marked(cid, Mark);
    }

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Marked(cid, File.Delete);
    }

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) =>
        pointers.PointAsync(pointer, cid, cancellationToken);

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) =>
        pointers.ResolveAsync(pointer, cancellationToken);

    private static async ValueTask<bool> IsStoredAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = RegularFile.OpenRead(path);
            if (file.Length != content.Length)
            {
                return false;
            }

            var stored = new byte[content.Length];
            await file.ReadExactlyAsync(stored, cancellationToken);
            return stored.AsSpan().SequenceEqual(content.Span);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false; // Whatever else stands there is replaced, if it may be.
        }
    }

    private async ValueTask<byte[]?> ReadAsync(Cid cid, string path, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = RegularFile.OpenRead(path);
            if (file.Length > maxBytes)
            {
                throw new TransportException(TransportFault.TooLarge, $"{cid} has {file.Length} bytes; at most {maxBytes} are accepted.");
            }

            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable($"can't read {cid} ({fault.Message})", fault);
        }
    }

    private static void Mark(string path)
    {
        try
        {
            OwnFile.OpenOrCreate(path).Dispose();
        }
        catch (IOException) when (new FileInfo(path) is { Exists: true, Length: 0, LinkTarget: null })
        {
            // Somebody else marks the same content at this moment.
        }
    }

    private ValueTask Marked(Cid cid, Action<string> mark)
    {
        try
        {
            mark(Path.Combine(Pins, Named(cid)));
            return ValueTask.CompletedTask;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable($"can't pin or unpin {cid} ({fault.Message})", fault);
        }
    }

    private string PathOf(Cid cid) => Path.Combine(folder, Named(cid));

    private static string Named(Cid cid) =>
        cid.IsEmpty ? throw new ArgumentException("The CID is empty.", nameof(cid)) : cid.ToString();

    private TransportException Unavailable(string what, Exception fault) =>
        new(TransportFault.Unavailable, $"The blocks folder {folder} {what}.", fault);
}
