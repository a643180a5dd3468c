using SwarmPool.Runtime.Collections;

namespace SwarmPool.Runtime.Tests.Messaging;

public sealed class BoundedCacheTests
{
    [Fact]
    public void It_keeps_the_newest_within_its_keys_and_its_cost()
    {
        var cache = new BoundedCache<int, string>(100, static text => text.Length, 1_000);
        for (var i = 0; i < 1_000; i++)
        {
            cache.Set(i, new string('x', 1 + (i % 40)));
            Assert.InRange(cache.Count, 1, 100);
            Assert.InRange(cache.Costs, 1, 1_000);
            Assert.True(cache.TryGet(i, out _));
        }

        cache.Set(999, "y");
        Assert.True(cache.TryGet(999, out var last));
        Assert.Equal("y", last);
        Assert.False(cache.TryGet(0, out _));
    }
}
