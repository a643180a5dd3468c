using System.Runtime.CompilerServices;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Auditing;

/// <summary>Fetches sealed epochs and their pages: bounded in size and time, each checked against its CID.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EpochSource(ContentReader content)
{
    /// <summary>The most payouts that are read of an epoch where nothing says how many there can be.</summary>
    public const int MostPayouts = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="SwarmPoolException">It is unavailable or is not an epoch.</exception>
    public async ValueTask<SignedSnapshot> EpochAsync(Cid cid, CancellationToken cancellationToken) =>
        Decode(await FetchAsync(cid, SnapshotCodec.MaxBytes, cancellationToken));

    /// <exception cref="SwarmPoolException">The bytes are no epoch.</exception>
    public static SignedSnapshot Decode(ReadOnlyMemory<byte> bytes)
    {
        if (!SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal))
        {
            throw new SwarmPoolException(refusal.Code, refusal.Reason);
        }

        return snapshot.Body is EpochSnapshot
            ? snapshot
            : throw new SwarmPoolException(ErrorCodes.UnknownType, $"{snapshot} is not an epoch. 'epochs/sealed' and the pool's state name the CIDs of epochs.");
    }

    /// <summary>The pages that a snapshot names, index pages followed.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> LeavesAsync(IReadOnlyList<Cid> named, CancellationToken cancellationToken) =>
        LeavesAsync(named, PageTree.MaxDepth, cancellationToken);

    /// <summary>All items of the pages that a snapshot names.</summary>
    /// <param name="pages">What it names.</param>
    /// <param name="most">More than so many are not read: the list is then wrong anyhow, and must not fill the memory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<TItem>> ItemsAsync<TItem>(IReadOnlyList<Cid> pages, int most, CancellationToken cancellationToken)
    {
        var all = new List<TItem>();
        await foreach (var page in LeavesAsync(pages, cancellationToken))
        {
            if (!SnapshotCodec.TryDecodePage<TItem>(page, out var items, out var refusal))
            {
                throw new SwarmPoolException(refusal.Code, $"The page {Cid.OfBlock(page.Span)}: {refusal.Reason}");
            }

            all.AddRange(items);
            if (items.Count == 0 || all.Count > most)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>Whom an epoch pays; <paramref name="most"/> as for <see cref="ItemsAsync"/>.</summary>
    public Task<List<PayoutItem>> PayoutsAsync(EpochSnapshot epoch, int most, CancellationToken cancellationToken) =>
        ItemsAsync<PayoutItem>(epoch.Settlements.Miners, most, cancellationToken);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LeavesAsync(
        IReadOnlyList<Cid> named, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cid in named)
        {
            var page = await FetchAsync(cid, SnapshotCodec.MaxPageBytes, cancellationToken);
            if (depth == 0 || !PageTree.TryReadIndex(page, out var below))
            {
                yield return page;
                continue;
            }

            await foreach (var leaf in LeavesAsync(below, depth - 1, cancellationToken))
            {
                yield return leaf;
            }
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> FetchAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await content.FetchAsync(cid, maxBytes, Patience, cancellationToken);
        return refusal is null ? bytes : throw new SwarmPoolException(refusal.Code, refusal.Reason);
    }
}
