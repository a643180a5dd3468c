using SwarmPool.Plugins.Ipfs.InlineContents;
using SwarmPool.Plugins.Ipfs.PubSub;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.InlineContents;

/// <summary>What strangers send along with messages, or number them with, is held within bytes.</summary>
public sealed class ForeignCacheTests
{
    [Fact]
    public void Very_small_contents_are_not_free()
    {
        const int Bytes = 100_000;
        var cache = new InlineContentCache(Bytes);
        var all = Enumerable.Range(0, 10 * Bytes / 192).Select(i => BitConverter.GetBytes(i)).ToList();
        all.ForEach(content => cache.Add(Cid.OfBlock(content), content));
        var held = all.Count(content => cache.TryGet(Cid.OfBlock(content), out _));
        Assert.InRange(held, 1, Bytes / 192);
        Assert.True(cache.TryGet(Cid.OfBlock(all[^1]), out _), "the newest is not there");
    }

    [Fact]
    public void A_number_that_no_node_makes_is_not_kept()
    {
        var seen = new SeenMessages(8);
        var longest = new string('x', 1_000_000);
        Assert.True(seen.IsNew("from", longest));
        Assert.True(seen.IsNew("from", longest));
        Assert.True(seen.IsNew("from", "uAAAA"));
        Assert.False(seen.IsNew("from", "uAAAA"));
    }
}
