using System.Runtime.CompilerServices;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Content;

/// <summary>
/// Reads the lists that snapshots name as pages, through index pages where a list is long. Bounded, whatever the pages say: index pages
/// lie at most <see cref="PageTree.MaxDepth"/> deep, and no more pages and items are read than the caller allows.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="content">Where pages come from.</param>
/// <param name="patience">How long to wait for each.</param>
internal sealed class PageReader(ContentReader content, TimeSpan patience)
{
    /// <summary>The most items that are read of a list of which nothing says how long it can be.</summary>
    public const long MostItems = 100_000_000;

    /// <summary>The pages of items, each with its items or why it can't be read; a page without items, which nobody writes, ends the list.</summary>
    /// <param name="named">What the snapshot names.</param>
    /// <param name="most">The most items there can be. The page with which they are more is still given: the list is then wrong. After it comes a refusal.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="skip">Pages that are not fetched, though they count; null: all are.</param>
    public async IAsyncEnumerable<PageRead<TItem>> PagesAsync<TItem>(
        IReadOnlyList<Cid> named, long most, [EnumeratorCancellation] CancellationToken cancellationToken, Func<Cid, bool>? skip = null)
    {
        var count = 0L;
        await foreach (var leaf in WalkAsync(named, most + 1, skip, cancellationToken)) // A page has an item at least.
        {
            if (count > most)
            {
                yield return new PageRead<TItem>(leaf.Cid, [], TooLong(leaf.Cid, most));
                yield break;
            }

            IReadOnlyList<TItem>? items = null;
            var refusal = leaf.Refusal;
            if (refusal is null && !SnapshotCodec.TryDecodePage(leaf.Bytes, out items, out refusal))
            {
                refusal = refusal with { Reason = $"The page {leaf.Cid} can't be read: {refusal.Reason}" };
            }

            yield return new PageRead<TItem>(leaf.Cid, items ?? [], refusal);
            if (items is { Count: 0 })
            {
                yield break;
            }

            count += items?.Count ?? 0;
        }
    }

    /// <summary>The items, in order.</summary>
    /// <param name="named">What the snapshot names.</param>
    /// <param name="most">The most items there can be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">A page can't be read, or the list has more items; the code says which.</exception>
    public async IAsyncEnumerable<TItem> ItemsAsync<TItem>(
        IReadOnlyList<Cid> named, long most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync<TItem>(named, most, cancellationToken))
        {
            foreach (var item in page.Require())
            {
                yield return item;
            }
        }
    }

    /// <summary>The pages as they are stored, for lists whose pages are no items' pages.</summary>
    /// <param name="named">What the snapshot names.</param>
    /// <param name="most">The most pages there can be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">A page is unavailable, or there are more; the code says which.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> BytesAsync(
        IReadOnlyList<Cid> named, long most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var leaf in WalkAsync(named, most, null, cancellationToken))
        {
            yield return leaf.Refusal is null ? leaf.Bytes : throw new SwarmPoolException(leaf.Refusal.Code, leaf.Refusal.Reason);
        }
    }

    // Every index page names a page at least, so what is fetched is bounded by the pages times the depth.
    private async IAsyncEnumerable<(Cid Cid, ReadOnlyMemory<byte> Bytes, Refusal? Refusal)> WalkAsync(
        IReadOnlyList<Cid> named, long most, Func<Cid, bool>? skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = 0L;
        var levels = new Stack<(IReadOnlyList<Cid> Named, int Next)>([(named, 0)]);
        while (levels.TryPop(out var level))
        {
            if (level.Next == level.Named.Count)
            {
                continue;
            }

            var cid = level.Named[level.Next];
            levels.Push(level with { Next = level.Next + 1 });
            var isSkipped = skip?.Invoke(cid) == true;
            var (bytes, refusal) = isSkipped ? default : await content.FetchAsync(cid, SnapshotCodec.MaxPageBytes, patience, cancellationToken);
            if (!isSkipped && refusal is null && levels.Count <= PageTree.MaxDepth && PageTree.TryReadIndex(bytes, out var below))
            {
                levels.Push((below, 0));
                continue;
            }

            if (count++ == most)
            {
                yield return (cid, default, TooLong(cid, most));
                yield break;
            }

            if (!isSkipped)
            {
                yield return (cid, bytes, refusal);
            }
        }
    }

    private static Refusal TooLong(Cid cid, long most) =>
        new(ErrorCodes.ContentTooLarge, $"The list goes on with the page {cid} after all that it can have ({most}): the rest is not read.");
}

/// <summary>A page that was read.</summary>
/// <param name="Cid">The page.</param>
/// <param name="Items">Its items; none when it can't be read.</param>
/// <param name="Refusal">Why it can't be read; null when it could be.</param>
internal sealed record PageRead<TItem>(Cid Cid, IReadOnlyList<TItem> Items, Refusal? Refusal)
{
    /// <exception cref="SwarmPoolException">It can't be read.</exception>
    public IReadOnlyList<TItem> Require() => Refusal is null ? Items : throw new SwarmPoolException(Refusal.Code, Refusal.Reason);
}
