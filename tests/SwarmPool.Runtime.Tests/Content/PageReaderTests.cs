using SwarmPool.Identity;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Content;

/// <summary>Lists are read in order whatever their form, and never further than the reader allows.</summary>
public sealed class PageReaderTests
{
    private readonly MemoryNet net = new();
    private readonly PageReader reader;
    private int fetched;

    public PageReaderTests()
    {
        var transport = new WatchedTransport(net.Join())
        {
            Gate = _ =>
            {
                Interlocked.Increment(ref fetched);
                return Task.CompletedTask;
            },
        };
        reader = new PageReader(new ContentReader(transport.Content, TimeProvider.System), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PageTree.MaxNamed)]
    [InlineData(PageTree.MaxNamed + 1)]
    [InlineData(5000)]
    public async Task The_items_come_in_order_through_pages_and_index_pages(int count)
    {
        var items = Enumerable.Range(0, count).Select(Item).ToList();
        var pages = new List<Cid>();
        foreach (var page in PageTree.Encode(items, perPage: 1))
        {
            pages.Add(await StoreAsync(page));
        }

        var named = await PageTree.NameAsync(pages, bytes => StoreAsync(bytes));

        Assert.True(named.Count <= PageTree.MaxNamed);
        Assert.Equal(items, await ReadAsync(named, most: count));
        Assert.Equal(count, await reader.BytesAsync(named, count, CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task Nothing_is_read_after_the_page_with_which_the_items_are_too_many()
    {
        var pages = new List<Cid> { await PageAsync(0, 1), await PageAsync(2, 3), await PageAsync(4, 5), await PageAsync(6, 7) };

        var read = await reader.PagesAsync<PayoutItem>(pages, 3, CancellationToken.None).ToListAsync();

        Assert.Equal([2, 2, 0], read.Select(page => page.Items.Count));
        Assert.Equal(ErrorCodes.ContentTooLarge, read[^1].Refusal?.Code);
        Assert.Equal(ErrorCodes.ContentTooLarge, (await Assert.ThrowsAsync<SwarmPoolException>(() => ReadAsync(pages, most: 3))).Code);
    }

    [Fact]
    public async Task Nothing_is_read_after_a_page_without_items()
    {
        var pages = new List<Cid> { await PageAsync(0), await StoreAsync(SnapshotCodec.EncodePage<PayoutItem>([])), await PageAsync(1) };

        Assert.Equal([Item(0)], await ReadAsync(pages, most: 100));
    }

    /// <summary>Without a bound, four levels of the widest index pages would be 256 × 4,000⁴ fetches, of six contents.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tree_of_index_pages_that_name_the_same_page_again_and_again_ends(bool skipped)
    {
        var leaf = await PageAsync(0);
        var cid = leaf;
        for (var level = 0; level < PageTree.MaxDepth; level++)
        {
            cid = await StoreAsync(SnapshotCodec.EncodePage<Cid>([.. Enumerable.Repeat(cid, 4000)]));
        }

        var read = await reader.PagesAsync<PayoutItem>([.. Enumerable.Repeat(cid, 256)], 10, CancellationToken.None, one => skipped && one == leaf).ToListAsync();

        Assert.Equal(skipped ? 0 : 11, read.Sum(page => page.Items.Count));
        Assert.Equal(ErrorCodes.ContentTooLarge, read[^1].Refusal?.Code);
        Assert.InRange(fetched, 1, (PageTree.MaxDepth + 1) * 12);
    }

    [Fact]
    public async Task An_index_page_below_the_deepest_is_no_page_of_items()
    {
        var cid = await PageAsync(0);
        for (var level = 0; level <= PageTree.MaxDepth; level++)
        {
            cid = await StoreAsync(SnapshotCodec.EncodePage<Cid>([cid]));
        }

        Assert.Equal(ErrorCodes.BadField, (await Assert.ThrowsAsync<SwarmPoolException>(() => ReadAsync([cid], most: 100))).Code);
    }

    [Fact]
    public async Task A_page_that_can_not_be_read_is_told_in_its_place_and_the_rest_is_read()
    {
        var (garbage, missing) = (await StoreAsync("not json"u8.ToArray()), Messages.AnyCid("nobody has this"));
        var pages = new List<Cid> { await PageAsync(0), garbage, missing, await PageAsync(1) };

        var read = await reader.PagesAsync<PayoutItem>(pages, 100, CancellationToken.None).ToListAsync();

        Assert.Equal([null, ErrorCodes.NotJson, ErrorCodes.ContentNotFound, null], read.Select(page => page.Refusal?.Code));
        Assert.Equal(pages, read.Select(page => page.Cid));
        Assert.Contains($"{garbage}", read[1].Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal([Item(0), Item(1)], read.SelectMany(page => page.Items));
        Assert.Equal(ErrorCodes.ContentNotFound, (await Assert.ThrowsAsync<SwarmPoolException>(() => reader.BytesAsync(pages, 100, CancellationToken.None).CountAsync().AsTask())).Code);
    }

    private static PayoutItem Item(int number) => new(EnsName.Parse($"miner{number}.eth"), TestKeys.Of(Messages.Miner(1)).Address, Usdc.Parse("1"));

    private ValueTask<Cid> PageAsync(params int[] numbers) => StoreAsync(SnapshotCodec.EncodePage<PayoutItem>([.. numbers.Select(Item)]));

    private ValueTask<Cid> StoreAsync(ReadOnlyMemory<byte> bytes) => net.Join().Content.PutAsync(bytes, CancellationToken.None);

    private async Task<List<PayoutItem>> ReadAsync(IReadOnlyList<Cid> named, long most) =>
        await reader.ItemsAsync<PayoutItem>(named, most, CancellationToken.None).ToListAsync();
}
