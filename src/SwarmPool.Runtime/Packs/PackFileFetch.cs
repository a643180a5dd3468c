using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Content;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>
/// Fetches a pack's files, chunk by chunk: each is checked by its CID before it is written, and the file by its SHA-256. What an earlier pull left of a
/// file is checked in the same way, and what is right of it is not fetched again.
/// </summary>
internal sealed class PackFileFetch(ContentReader content, TimeSpan patience)
{
    private const int AtOnce = 4;

    private readonly PackContents contents = new(content, patience);

    /// <summary>Fetches a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="count">Told of each chunk.</param>
    /// <param name="cancellationToken">Gives up; what is written stays.</param>
    /// <exception cref="SwarmPoolException">SP5204, SP5205: it is not what the pack says; SP2401, SP2402, SP2404: a chunk can't be had now.</exception>
    public async Task RunAsync(PackFile file, string path, PackProgressCount count, CancellationToken cancellationToken)
    {
        OwnFile.CreateFolder(Path.GetDirectoryName(path)!);
        await using var target = OwnFile.OpenOrCreate(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pending = new Queue<Task<ReadOnlyMemory<byte>>>();
        var there = new byte[(int)Math.Min(ChunkList.ChunkBytes, file.Size)];
        var (isThere, right) = (true, 0L);
        try
        {
            await foreach (var (cid, length, isList) in contents.OfAsync(file, ending.Token))
            {
                if (isList)
                {
                    continue;
                }

                if (isThere && await IsAsync(target, cid, there.AsMemory(0, length), ending.Token))
                {
                    hash.AppendData(there, 0, length);
                    count.Done(length, wasThere: true);
                    right += length;
                    continue;
                }

                if (isThere)
                {
                    isThere = false;
                    target.SetLength(right);
                    target.Position = right;
                }

                pending.Enqueue(ChunkAsync(file, cid, length, ending.Token));
                if (pending.Count == AtOnce)
                {
                    await WriteAsync();
                }
            }

            while (pending.Count > 0)
            {
                await WriteAsync();
            }
        }
        finally
        {
            await ending.CancelAsync();
            foreach (var fetch in pending)
            {
                await ((Task)fetch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The first fault is on its way.
            }
        }

        target.SetLength(file.Size);
        target.Flush(flushToDisk: true);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) is var sha256 && sha256 != file.Sha256)
        {
            throw Differs(file, $"its SHA-256 is {sha256}; the pack says {file.Sha256}");
        }

        async Task WriteAsync()
        {
            var bytes = await pending.Dequeue();
            hash.AppendData(bytes.Span);
            await target.WriteAsync(bytes, ending.Token);
            count.Done(bytes.Length);
        }
    }

    private static async Task<bool> IsAsync(FileStream target, Cid cid, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await target.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) == buffer.Length && ContentAddress.Matches(cid, buffer.Span);

    private async Task<ReadOnlyMemory<byte>> ChunkAsync(PackFile file, Cid cid, int length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return ContentAddress.Matches(cid, []) ? default(ReadOnlyMemory<byte>) : throw Differs(file, $"{cid} is not the CID of an empty file");
        }

        var (bytes, refusal) = await content.FetchAsync(cid, length, patience, cancellationToken);
        if (refusal is not null)
        {
            throw refusal.Code == ErrorCodes.ContentTooLarge
                ? Differs(file, $"the content {cid} has more than the {length} bytes that the pack's sizes leave for it")
                : PackFaults.Of(refusal with { Reason = $"{file.Path}: {refusal.Reason}" });
        }

        return bytes.Length == length ? bytes : throw Differs(file, $"the content {cid} has {bytes.Length} bytes; by the pack's sizes it has {length}");
    }

    private static SwarmPoolException Differs(PackFile file, string what) => new(ErrorCodes.PackFileDiffers, $"{file.Path}: {what}.");
}
