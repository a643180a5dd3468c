using System.Runtime.CompilerServices;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Content;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>The contents that a file of a pack is made of: chunks, and the lists that name them.</summary>
internal sealed class PackContents(ContentReader content, TimeSpan patience)
{
    /// <summary>All of a file's contents in order, each list before what it names. How many entries a list has and how deep it lies follows from the file's size alone.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP5205: a list is not what the pack says; SP2401, SP2402, SP2404: it can't be had now.</exception>
    public IAsyncEnumerable<PackContent> OfAsync(PackFile file, CancellationToken cancellationToken) =>
        OfAsync(file, file.Cid, file.Size, ChunkList.Levels(file.Size), cancellationToken);

    private async IAsyncEnumerable<PackContent> OfAsync(PackFile file, Cid cid, long size, int levels, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new PackContent(cid, (int)Math.Min(size, ChunkList.ChunkBytes), levels > 0);
        if (levels == 0)
        {
            yield break;
        }

        var below = ChunkList.BytesBelow(levels - 1);
        var list = await ListAsync(file, cid, (size + below - 1) / below, cancellationToken);
        for (var i = 0; i < list.Count; i++)
        {
            await foreach (var inner in OfAsync(file, list[i], Math.Min(below, size - (i * below)), levels - 1, cancellationToken))
            {
                yield return inner;
            }
        }
    }

    private async Task<IReadOnlyList<Cid>> ListAsync(PackFile file, Cid cid, long count, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await content.FetchAsync(cid, ChunkList.MaxListBytes, patience, cancellationToken);
        if (refusal is { Code: ErrorCodes.ContentTooLarge })
        {
            refusal = new Refusal(ErrorCodes.PackChunkList, $"The chunk list {cid} has more than {ChunkList.MaxListBytes} bytes.");
        }

        return refusal is null && ChunkList.TryDecode(bytes, count, out var cids, out refusal)
            ? cids
            : throw PackFaults.Of(refusal! with { Reason = $"{file.Path}: {refusal!.Reason}" });
    }
}

/// <summary>One of them.</summary>
/// <param name="Cid">Its CID.</param>
/// <param name="Length">Bytes of a chunk; nothing is known of a list's.</param>
/// <param name="IsList">Whether it is a list of others, and no bytes of the file.</param>
internal readonly record struct PackContent(Cid Cid, int Length, bool IsList);
