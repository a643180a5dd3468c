using SwarmPool.Identity;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Content;

public sealed class PageTreeTests
{
    private readonly Dictionary<Cid, byte[]> stored = [];

    [Fact]
    public async Task AShortListNamesItsPages()
    {
        var pages = Enumerable.Range(0, PageTree.MaxNamed).Select(i => Cid.OfBlock([(byte)i, (byte)(i >> 8)])).ToList();

        Assert.Equal(pages, await PageTree.NameAsync(pages, StoreAsync));
        Assert.Empty(stored);
    }

    [Theory]
    [InlineData(257, 1)]
    [InlineData(4_001, 2)]
    [InlineData(1_100_000, 1)] // 275 index pages, so one more above them
    public async Task ALongListNamesIndexPagesThatLeadToAllPagesInOrder(int count, int named)
    {
        var pages = Enumerable.Range(0, count).Select(i => Cid.OfBlock(BitConverter.GetBytes(i))).ToList();

        var names = await PageTree.NameAsync(pages, StoreAsync);

        Assert.Equal(named, names.Count);
        Assert.Equal(pages, Leaves(names));
    }

    [Fact]
    public void NoPageOfItemsCanBeTakenForAnIndex()
    {
        var item = new PayoutItem(EnsName.Parse("bafkrei.eth"), EthAddress.Parse("0x" + new string('1', 40)), Usdc.FromMicro(1));

        Assert.False(PageTree.TryReadIndex(SnapshotCodec.EncodePage<PayoutItem>([item]), out _));
        Assert.False(PageTree.TryReadIndex("{\"items\":[\"bad\"]}"u8.ToArray(), out _));
        Assert.False(PageTree.TryReadIndex("{\"sequence\":1}\n"u8.ToArray(), out _));
    }

    [Fact]
    public void ItemsWithTheLongestNamesStillFitTheirPages()
    {
        var label = new string('a', 62);
        var longest = EnsName.Parse($"{label}.{label}.{label}.{new string('b', 63)}.e");
        var items = Enumerable.Repeat(
            new EpochProofItem(Cid.OfBlock([1]), Cid.OfBlock([2]), longest, EthAddress.Parse("0x" + new string('1', 40)), MiningMode.SOLO, Usdc.FromMicro(1), 1_700_000_000_000), 1200).ToList();

        var pages = PageTree.Encode(items, 500).ToList();

        Assert.All(pages, page => Assert.True(page.Length <= SnapshotCodec.MaxPageBytes));
        Assert.Equal(items.Count, pages.Sum(page => SnapshotCodec.TryDecodePage<EpochProofItem>(page, out var read, out _) ? read.Count : 0));
    }

    private IEnumerable<Cid> Leaves(IEnumerable<Cid> names) => names.SelectMany(name =>
        stored.TryGetValue(name, out var bytes) && PageTree.TryReadIndex(bytes, out var below) ? Leaves(below) : [name]);

    private ValueTask<Cid> StoreAsync(ReadOnlyMemory<byte> bytes)
    {
        var cid = Cid.OfBlock(bytes.Span);
        stored[cid] = bytes.ToArray();
        return new(cid);
    }
}
