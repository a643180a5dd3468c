using System.Runtime.InteropServices;
using SwarmPool.Transport;

namespace SwarmPool.Testing.Transport;

/// <content>Content and pointers.</content>
public abstract partial class TransportSuite
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ContentAddress.BlockBytes)]
    [InlineData(ContentAddress.BlockBytes + 1)]
    [InlineData(600_000)]
    public async Task Content_has_the_CID_of_the_rule_and_is_had_whole(int bytes)
    {
        var (one, two) = await PairAsync();
        var content = Fresh(Math.Min(bytes, one.Content.MaxContentBytes));
        var cid = await one.Content.PutAsync(content, default);
        Assert.Equal(ContentAddress.Of(content), cid);
        Assert.Equal(content, await GetAsync(two, cid, content.Length));
        Assert.Equal(cid, await two.Content.PutAsync(content, default));
    }

    [Fact]
    public async Task Content_larger_than_asked_for_is_refused()
    {
        var (one, two) = await PairAsync();
        foreach (var bytes in new[] { 1000, ContentAddress.BlockBytes + 1000 })
        {
            var cid = await one.Content.PutAsync(Fresh(bytes), default);
            Assert.Equal(bytes, (await GetAsync(two, cid, bytes)).Length);
            using var limit = new CancellationTokenSource(Patience);
            await ThrowsAsync(TransportFault.TooLarge, async () => await two.Content.GetAsync(cid, bytes - 1, limit.Token));
        }
    }

    [Fact]
    public async Task Content_over_the_stores_limit_is_refused()
    {
        var party = await JoinAsync();
        Assert.InRange(party.Content.MaxContentBytes, ContentAddress.BlockBytes / 4, int.MaxValue);
        if (party.Content.MaxContentBytes < Array.MaxLength)
        {
            var tooLarge = new byte[party.Content.MaxContentBytes + 1];
            await ThrowsAsync(TransportFault.TooLarge, async () => await party.Content.PutAsync(tooLarge, default));
        }
    }

    [Fact]
    public async Task Content_that_nobody_has_ends_with_the_callers_patience()
    {
        var party = await JoinAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var fetch = party.Content.GetAsync(ContentAddress.Of(Fresh(32)), 100, soon.Token).AsTask();
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => fetch.WaitAsync(Patience));
        Assert.True(
            fault is OperationCanceledException or TransportException { Fault: TransportFault.NotFound },
            $"The fetch ended with {fault.GetType().Name}: {fault.Message}");
    }

    [Fact]
    public async Task The_same_content_may_be_put_by_many_at_once()
    {
        var (one, two) = await PairAsync();
        var content = Fresh(20_000);
        var puts = Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? one : two).Content.PutAsync(content, default).AsTask());
        Assert.All(await Task.WhenAll(puts), cid => Assert.Equal(ContentAddress.Of(content), cid));
        Assert.Equal(content, await GetAsync(one, ContentAddress.Of(content), content.Length));
    }

    [Fact]
    public async Task Many_contents_are_put_and_had_at_once()
    {
        var (one, two) = await PairAsync();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            var content = Fresh(5_000);
            var cid = await one.Content.PutAsync(content, default);
            Assert.Equal(content, await GetAsync(two, cid, content.Length));
        }));
    }

    [Fact]
    public async Task Memory_belongs_to_the_caller_on_both_sides()
    {
        var (one, two) = await PairAsync();
        var content = Fresh(3_000);
        var buffer = content.ToArray();
        var cid = await one.Content.PutAsync(buffer, default);
        buffer.AsSpan().Clear();
        using var limit = new CancellationTokenSource(Patience);
        var handedOut = await two.Content.GetAsync(cid, content.Length, limit.Token);
        Assert.Equal(content, handedOut.ToArray());
        if (MemoryMarshal.TryGetArray(handedOut, out var array))
        {
            array.AsSpan().Clear();
        }

        Assert.Equal(content, await GetAsync(two, cid, content.Length));
    }

    [Fact]
    public async Task Pinning_and_unpinning_are_idempotent()
    {
        var party = await JoinAsync();
        foreach (var bytes in new[] { 10, ContentAddress.BlockBytes + 10 })
        {
            var content = Fresh(Math.Min(bytes, party.Content.MaxContentBytes));
            var cid = await party.Content.PutAsync(content, default);
            await party.Content.UnpinAsync(cid, default);
            await party.Content.PinAsync(cid, default);
            await party.Content.PinAsync(cid, default);
            Assert.Equal(content, await GetAsync(party, cid, content.Length));
            await party.Content.UnpinAsync(cid, default);
            await party.Content.UnpinAsync(cid, default);
        }
    }

    [Fact]
    public async Task A_pointer_leads_to_the_content_it_was_last_set_to()
    {
        var one = await JoinAsync();
        var two = PointersAreShared ? await JoinAsync() : one;
        var (first, second) = (await one.Content.PutAsync(Fresh(32), default), await one.Content.PutAsync(Fresh(32), default));
        var (state, escape) = (pool + "/state", $"../../{pool}/escape");
        Assert.Null(await ResolveAsync(two, state));
        await one.Content.PointAsync(state, first, default);
        await one.Content.PointAsync(escape, second, default);
        Assert.Equal(first, await ResolveAsync(two, state));
        Assert.Equal(second, await ResolveAsync(two, escape));
        await two.Content.PointAsync(state, second, default);
        await two.Content.PointAsync(state, second, default);
        Assert.Equal(second, await ResolveAsync(one, state));
    }

    private async Task<(ITransport One, ITransport Two)> PairAsync()
    {
        var one = await JoinAsync();
        return (one, ContentIsShared ? await JoinAsync() : one);
    }

    private async Task<byte[]> GetAsync(ITransport party, Cid cid, int maxBytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        return (await party.Content.GetAsync(cid, maxBytes, limit.Token)).ToArray();
    }

    private async Task<Cid?> ResolveAsync(ITransport party, string pointer)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await party.Content.ResolveAsync(pointer, limit.Token);
    }
}
