using SwarmPool.Protocol.Errors;
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

    private readonly PageReader pages = new(content, Patience);

    /// <exception cref="SwarmPoolException">It is unavailable or not an epoch.</exception>
    public async ValueTask<TypedSnapshot<EpochSnapshot>> EpochAsync(Cid cid, CancellationToken cancellationToken) =>
        Require(await content.FetchSnapshotAsync<EpochSnapshot>(cid, Patience, cancellationToken));

    /// <exception cref="SwarmPoolException">The bytes are not an epoch.</exception>
    public static TypedSnapshot<EpochSnapshot> Decode(ReadOnlyMemory<byte> bytes) => Require(TypedSnapshot.Read<EpochSnapshot>(bytes, "The snapshot"));

    /// <summary>The pages of an epoch's journal records, as they are stored. A page holds a record at least.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> JournalAsync(EpochSnapshot epoch, CancellationToken cancellationToken) =>
        pages.BytesAsync(epoch.Journal, epoch.ToSequence - epoch.FromSequence + 2, cancellationToken); // One more than there are records, which is then found.

    /// <summary>All items of the pages that a snapshot names.</summary>
    /// <param name="named">What it names.</param>
    /// <param name="most">More than so many are not read: the list is then wrong anyhow, and must not fill the memory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<TItem>> ItemsAsync<TItem>(IReadOnlyList<Cid> named, int most, CancellationToken cancellationToken)
    {
        var all = new List<TItem>();
        await foreach (var page in pages.PagesAsync<TItem>(named, most, cancellationToken))
        {
            all.AddRange(page.Require());
            if (all.Count > most)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>Whom an epoch pays; <paramref name="most"/> as for <see cref="ItemsAsync"/>.</summary>
    public Task<List<PayoutItem>> PayoutsAsync(EpochSnapshot epoch, int most, CancellationToken cancellationToken) =>
        ItemsAsync<PayoutItem>(epoch.Settlements.Miners, most, cancellationToken);

    /// <summary>Whom an epoch pays, page by page as it is read.</summary>
    public IAsyncEnumerable<PayoutItem> EachPayoutAsync(EpochSnapshot epoch, CancellationToken cancellationToken) =>
        pages.ItemsAsync<PayoutItem>(epoch.Settlements.Miners, MostPayouts, cancellationToken);

    /// <summary>What it pays checkers, in the same way.</summary>
    public IAsyncEnumerable<PayoutItem> EachCheckerAsync(EpochSnapshot epoch, CancellationToken cancellationToken) =>
        pages.ItemsAsync<PayoutItem>(epoch.Settlements.Checkers ?? [], MostPayouts, cancellationToken);

    private static TypedSnapshot<EpochSnapshot> Require((TypedSnapshot<EpochSnapshot>? Epoch, Refusal? Refusal) read) => read switch
    {
        ({ } epoch, _) => epoch,
        (_, { Code: ErrorCodes.UnknownType } other) => throw new SwarmPoolException(other.Code, $"{other.Reason} 'epochs/sealed' and the pool's state name the CIDs of epochs."),
        _ => throw new SwarmPoolException(read.Refusal!.Code, read.Refusal.Reason),
    };
}
