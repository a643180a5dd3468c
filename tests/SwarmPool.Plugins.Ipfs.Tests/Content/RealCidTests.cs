using System.Security.Cryptography;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Content;

/// <summary>What the pool computes and what nodes compute are the same, whichever way content is stored.</summary>
public sealed class RealCidTests(Nodes nodes)
{
    private const int Block = ContentAddress.BlockBytes;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData(1024 * 1024)]
    [InlineData(10 * 1024 * 1024)]
    public async Task Content_has_the_nodes_own_CID_and_comes_back_from_another_node(int bytes)
    {
        var content = RandomNumberGenerator.GetBytes(bytes);
        await using var one = Party.Make(nodes.Options(0));
        await using var two = Party.Make(nodes.Options(1));
        await one.StartAsync(default);
        await two.StartAsync(default);
        var cid = await one.Content.PutAsync(content, default);
        Assert.Equal(ContentAddress.Of(content), cid);
        Assert.Equal(cid, await new ContentCalls(Party.Channel(nodes.Apis[0])).AddAsync(content, default));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal(content, (await two.Content.GetAsync(cid, Math.Max(1, bytes), limit.Token)).ToArray());
        await two.Content.PinAsync(cid, limit.Token);
        await two.Content.UnpinAsync(cid, limit.Token);
    }

    [Theory]
    [InlineData("size-1024", 300_000)]
    [InlineData("size-524288", 600_000)]
    public async Task A_foreign_chunking_is_refused_by_name(string chunker, int bytes)
    {
        var call = new RpcCall("add") { Body = RandomNumberGenerator.GetBytes(bytes) }
            .With("cid-version", "1").With("raw-leaves", "true").With("chunker", chunker).With("quieter", "true");
        var channel = Party.Channel(nodes.Apis[0]);
        Assert.True(NodeCid.TryParse((await channel.CallAsync(call, AnswerJson.Default.AddedFile, default)).Hash, out var cid));
        await using var party = Party.Make(nodes.Options(0));
        var fault = await Party.ThrowsAsync(TransportFault.Mismatch, async () => await party.Content.GetAsync(cid, 1_000_000, default));
        Assert.StartsWith("Foreign chunking", fault.Message);
    }

    [Fact]
    public async Task A_block_beyond_the_rule_is_a_foreign_chunking_too()
    {
        var block = RandomNumberGenerator.GetBytes(Block + 1);
        var cid = await new ContentCalls(Party.Channel(nodes.Apis[0])).PutBlockAsync(block, pin: false, default);
        Assert.Equal(Cid.OfBlock(block), cid);
        await using var party = Party.Make(nodes.Options(0));
        var fault = await Party.ThrowsAsync(TransportFault.Mismatch, async () => await party.Content.GetAsync(cid, 1_000_000, default));
        Assert.StartsWith("Foreign chunking", fault.Message);
    }

    [Fact]
    public async Task A_folder_is_no_content()
    {
        var channel = Party.Channel(nodes.Apis[0]);
        var files = new FileCalls(channel);
        var folder = $"/swarmpool-tests/{Guid.NewGuid():n}";
        await files.MakeFolderAsync(folder, default);
        Assert.True(NodeCid.TryParse(await files.StatAsync(folder, default), out var cid));
        await using var party = Party.Make(nodes.Options(0));
        await Assert.ThrowsAsync<TransportException>(async () => await party.Content.GetAsync(cid, 1_000_000, default));
    }
}
