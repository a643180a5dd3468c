using System.Security.Cryptography;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>A network, a maker's folder, and another machine's models folder.</summary>
internal sealed class PackStage : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("swarmpool-packs-");

    public PackStage()
    {
        Source = Path.Combine(root.FullName, "maker", "digits");
        Directory.CreateDirectory(Source);
        Folder = new ModelFolder(Path.Combine(root.FullName, "models"));
        Store = new RecordingStore(Net.Join());
        Transfer = new ModelPackTransfer(Store, Folder, TimeProvider.System);
    }

    public MemoryNet Net { get; } = new();

    public RecordingStore Store { get; }

    /// <summary>What is made a pack.</summary>
    public string Source { get; }

    /// <summary>Where packs are pulled to.</summary>
    public ModelFolder Folder { get; }

    public ModelPackTransfer Transfer { get; }

    public string Root => root.FullName;

    /// <summary>Everything in the models folder and beside it, by its path; without locks.</summary>
    public IReadOnlyList<string> Left =>
    [
        .. new[] { Folder.Path, Folder.Work }.Where(Directory.Exists)
            .SelectMany(static folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(root.FullName, path)).Order(StringComparer.Ordinal),
    ];

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var full = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    /// <summary>A file of so many bytes, other ones in each chunk.</summary>
    public byte[] WriteChunks(string path, int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        Write(path, content);
        return content;
    }

    /// <summary>Publishes a manifest that nothing has checked.</summary>
    public Cid Publish(byte[] manifest) => Net.Put(manifest);

    /// <summary>A pack of one file, whose content and size may be lies.</summary>
    public Cid PublishFile(Cid content, long size, string? sha256 = null) => Publish(ModelPackCodec.Encode(new ModelPack
    {
        Name = "lie",
        Files = [new PackFile("weights.bin", content, size, sha256 ?? new string('0', 64))],
    }));

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public void Dispose() => root.Delete(recursive: true);
}

/// <summary>A store that notes what is fetched, how large it is, and can stop giving.</summary>
internal sealed class RecordingStore(IContentStore inner) : IContentStore
{
    private readonly Lock gate = new();
    private int fetched;

    public int MaxContentBytes { get; set; } = inner.MaxContentBytes;

    public int LargestPut { get; private set; }

    /// <summary>Asked before each fetch, with its number from 1; may throw.</summary>
    public Action<int>? Before { get; set; }

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            LargestPut = Math.Max(LargestPut, content.Length);
        }

        return inner.PutAsync(content, cancellationToken);
    }

    public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        Before?.Invoke(Interlocked.Increment(ref fetched));
        return inner.GetAsync(cid, maxBytes, cancellationToken);
    }

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => inner.PinAsync(cid, cancellationToken);

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => inner.UnpinAsync(cid, cancellationToken);

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.PointAsync(pointer, cid, cancellationToken);

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.ResolveAsync(pointer, cancellationToken);
}
