using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Content;

/// <summary>
/// A list as pages by CID. What a signed snapshot names has to fit it, so a list of more than <see cref="MaxNamed"/> pages
/// names pages of CIDs instead, and so on: an index page is <c>{"items":["b…",…]}</c>, which no other page can be taken for.
/// </summary>
internal static class PageTree
{
    /// <summary>The most pages that a snapshot names of one list.</summary>
    public const int MaxNamed = 256;

    /// <summary>Index pages lie at most this deep: room for more pages than can ever be.</summary>
    public const int MaxDepth = 4;

    private const int CidsPerIndex = 4000;

    private static ReadOnlySpan<byte> IndexHead => "{\"items\":[\"b"u8;

    /// <summary>The items as pages of at most so many; what does not fit a block, because its texts are long, becomes two.</summary>
    public static IEnumerable<byte[]> Encode<TItem>(IReadOnlyList<TItem> items, int perPage) => items.Chunk(perPage).SelectMany(Fit);

    /// <summary>The CIDs that a snapshot names for these pages: the pages themselves, or the fewest index pages above them.</summary>
    public static async ValueTask<IReadOnlyList<Cid>> NameAsync(IReadOnlyList<Cid> pages, Func<ReadOnlyMemory<byte>, ValueTask<Cid>> store)
    {
        while (pages.Count > MaxNamed)
        {
            var above = new List<Cid>();
            foreach (var chunk in pages.Chunk(CidsPerIndex))
            {
                above.Add(await store(SnapshotCodec.EncodePage<Cid>(chunk)));
            }

            pages = above;
        }

        return pages;
    }

    /// <summary>True when the bytes are an index page; then what it names.</summary>
    public static bool TryReadIndex(ReadOnlyMemory<byte> page, out IReadOnlyList<Cid> named)
    {
        named = [];
        if (!page.Span.StartsWith(IndexHead) || !SnapshotCodec.TryDecodePage<Cid>(page, out var cids, out _))
        {
            return false;
        }

        named = cids;
        return true;
    }

    private static IEnumerable<byte[]> Fit<TItem>(TItem[] items) => SnapshotCodec.TryEncodePage(items, out var bytes)
        ? [bytes]
        : Fit(items[..(items.Length / 2)]).Concat(Fit(items[(items.Length / 2)..]));
}
