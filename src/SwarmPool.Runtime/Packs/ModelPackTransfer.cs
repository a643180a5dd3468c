using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Content;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>Brings packs from a models folder into a transport's content store, and from there into a models folder.</summary>
/// <remarks>Thread-safe. Memory is bounded by a few chunks, whatever a pack has.</remarks>
public sealed class ModelPackTransfer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IContentStore content;
    private readonly ModelFolder folder;
    private readonly PackFileStore store;
    private readonly PackFileFetch fetch;
    private readonly ContentReader reader;

    /// <summary>Connects the two.</summary>
    /// <param name="content">Where packs are published.</param>
    /// <param name="folder">Where models are.</param>
    /// <param name="time">The clock.</param>
    public ModelPackTransfer(IContentStore content, ModelFolder folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(folder);
        this.content = content;
        this.folder = folder;
        reader = new ContentReader(content, time);
        store = new PackFileStore(content);
        fetch = new PackFileFetch(reader, Patience);
    }

    /// <summary>Makes a pack of a folder and publishes it: every file's bytes, its chunk lists, the pack. One folder has one CID, wherever it is added.</summary>
    /// <param name="source">The folder; names in it that begin with '.' and its <c>pack.json</c> are no files of the pack.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Gives up; what is stored stays stored, and is not stored again.</param>
    /// <exception cref="SwarmPoolException">
    /// What is wrong with the folder or its <c>pack.json</c> (several of them in an <see cref="AggregateException"/>), or SP2403: the store takes no
    /// contents of a chunk's size.
    /// </exception>
    /// <exception cref="TransportException">The store does not take it now.</exception>
    public async Task<AddedPack> AddAsync(string source, IProgress<PackProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        var problems = new List<Refusal>();
        var files = PackTree.Read(source, problems);
        var description = PackDescription.Read(source, problems);
        if (files.Count == 0 && problems.Count == 0)
        {
            problems.Add(new Refusal(ErrorCodes.PackFolderUnusable, $"{source} has no files: name a model's folder."));
        }

        if (content.MaxContentBytes < ChunkList.ChunkBytes)
        {
            problems.Add(new Refusal(ErrorCodes.ContentTooLarge, $"The transport takes contents of at most {content.MaxContentBytes} bytes, and a pack's have up to {ChunkList.ChunkBytes} (max_content_bytes)."));
        }

        PackFaults.Require([.. problems, .. problems.Count == 0 ? description!.Problems(files) : []]);
        var count = new PackProgressCount(progress, files.Count, files.Sum(static file => file.Length));
        var stored = new List<PackFile>(files.Count);
        foreach (var (path, fullPath, _) in files)
        {
            count.Begin(path);
            stored.Add(await store.StoreAsync(path, fullPath, count, cancellationToken));
        }

        var manifest = description!.Write(stored);
        var pack = Decode(manifest);
        var cid = await store.PutAsync(manifest, cancellationToken);
        var isHere = RealPath.Of(Path.GetDirectoryName(source) ?? source) == RealPath.Of(folder.Path);
        if (isHere)
        {
            folder.Record(cid, Path.GetFileName(source), manifest, isOwn: true);
        }

        return new AddedPack(cid, pack, isHere ? source : null);
    }

    /// <summary>
    /// Fetches a pack into the models folder. It is written beside it and moved there when all of it is right. What an earlier pull left is checked and used;
    /// of a pack that lies nothing is left.
    /// </summary>
    /// <param name="cid">The pack.</param>
    /// <param name="diskLimit">The most bytes that the models may take then; 0: what the disk has.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Gives up; what is written stays for the next pull.</param>
    /// <returns>The pack, which may have been here before.</returns>
    /// <exception cref="SwarmPoolException">
    /// SP2401 to SP2404: the pack or a part of it can't be had; what <see cref="ModelPackCodec.TryDecode"/> refuses it with (several in an
    /// <see cref="AggregateException"/>); SP5204, SP5205: it lies; SP5206: there is no room; SP5209, SP5210: the models folder can't take it.
    /// </exception>
    public async Task<LocalPack> PullAsync(Cid cid, long diskLimit = 0, IProgress<PackProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(diskLimit);
        try
        {
            if (folder.FindHere(cid) is { } here)
            {
                return here;
            }

            using var alone = folder.PullAlone(cid);
            var (manifest, refusal) = await reader.FetchAsync(cid, ModelPackCodec.MaxBytes, Patience, cancellationToken);
            var pack = Decode(refusal is null ? manifest : throw PackFaults.Of(refusal));
            var place = new PackPlace(folder, cid, pack);
            if (!await place.IsThereAsync(cancellationToken))
            {
                PackDisk.Require(folder, pack, place.Partial, diskLimit);
                await FetchAsync(pack, place.Partial, progress, cancellationToken);
                place.Move();
            }

            folder.Record(cid, place.Name, manifest, isOwn: false);
            return new LocalPack(cid, pack, place.Final, IsOwn: false);
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            throw PackFaults.Folder(folder.Path, fault);
        }
    }

    private async Task FetchAsync(ModelPack pack, string partial, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        var count = new PackProgressCount(progress, pack.Files.Count, pack.TotalBytes);
        try
        {
            foreach (var file in pack.Files)
            {
                count.Begin(file.Path);
                await fetch.RunAsync(file, Path.Combine(partial, file.Path), count, cancellationToken);
            }
        }
        catch (SwarmPoolException lie) when (lie.Code is ErrorCodes.PackFileDiffers or ErrorCodes.PackChunkList)
        {
            PackTree.Delete(partial);
            throw;
        }
    }

    private static ModelPack Decode(ReadOnlyMemory<byte> manifest) =>
        ModelPackCodec.TryDecode(manifest, out var pack, out var refusals) ? pack : throw PackFaults.Of(refusals);
}
