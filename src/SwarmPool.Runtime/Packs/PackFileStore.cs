using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>Puts files into the content store, a chunk at a time: a file is never whole in memory.</summary>
internal sealed class PackFileStore(IContentStore content)
{
    private const int AtOnce = 4;

    /// <summary>Stores and pins a file, its chunk lists too.</summary>
    /// <param name="path">Its path in the pack.</param>
    /// <param name="fullPath">Where it is; a link is not followed.</param>
    /// <param name="count">Told of each chunk.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP5209: it can't be read, or changed meanwhile.</exception>
    public async Task<PackFile> StoreAsync(string path, string fullPath, PackProgressCount count, CancellationToken cancellationToken)
    {
        try
        {
            var before = FileStamp.Of(fullPath);
            await using var file = RegularFile.OpenRead(fullPath);
            var (cids, size, sha256) = await ChunksAsync(file, count, cancellationToken);
            return FileStamp.Of(fullPath) == before
                ? new PackFile(path, await NameAsync(cids, cancellationToken), size, sha256)
                : throw new SwarmPoolException(ErrorCodes.PackFolderUnusable, $"{fullPath} was changed while it was read: add the folder when nobody writes in it.");
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            throw PackFaults.Folder(fullPath, fault);
        }
    }

    /// <summary>Stores and pins one content.</summary>
    public async Task<Cid> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var cid = await content.PutAsync(bytes, cancellationToken);
        await content.PinAsync(cid, cancellationToken);
        return cid;
    }

    private async Task<(List<Cid> Cids, long Size, string Sha256)> ChunksAsync(FileStream file, PackProgressCount count, CancellationToken cancellationToken)
    {
        var cids = new List<Cid>();
        var pending = new Queue<(Task<Cid> Put, int Bytes)>();
        var buffers = Enumerable.Range(0, AtOnce + 1).Select(static _ => Array.Empty<byte>()).ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        try
        {
            for (var number = 0; ; number++)
            {
                ref var buffer = ref buffers[number % buffers.Length];
                var bytes = buffer.Length > 0 ? buffer : buffer = new byte[Math.Min(ChunkList.ChunkBytes, Math.Max(1, file.Length))];
                var read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
                if (read == 0 && number > 0)
                {
                    break;
                }

                hash.AppendData(bytes, 0, read);
                size += read;
                pending.Enqueue((PutAsync(bytes.AsMemory(0, read), cancellationToken), read));
                if (pending.Count == AtOnce)
                {
                    await TakeAsync();
                }
            }

            while (pending.Count > 0)
            {
                await TakeAsync();
            }
        }
        finally
        {
            foreach (var (put, _) in pending)
            {
                await ((Task)put).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The first fault is on its way.
            }
        }

        return (cids, size, Convert.ToHexStringLower(hash.GetHashAndReset()));

        async Task TakeAsync()
        {
            var (put, bytes) = pending.Dequeue();
            cids.Add(await put);
            count.Done(bytes);
        }
    }

    private async Task<Cid> NameAsync(List<Cid> cids, CancellationToken cancellationToken)
    {
        while (cids.Count > 1)
        {
            var above = new List<Cid>();
            foreach (var list in cids.Chunk(ChunkList.MostInList))
            {
                above.Add(await PutAsync(ChunkList.Encode(list), cancellationToken));
            }

            cids = above;
        }

        return cids[0];
    }
}
