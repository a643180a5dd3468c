using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.IpfsNodes;
using SwarmPool.Plugins.Ipfs.Mfs;
using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Pool;

/// <summary>A pool over real nodes, found by what its name says.</summary>
public sealed class PeerDiscoveryTests(Nodes nodes)
{
    private const string Pool = "found.eth";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_location_leads_to_the_state_in_the_pools_files_however_it_is_written()
    {
        await using var transport = Party.Make(nodes.Options(0));
        await transport.StartAsync(Cancel);
        var state = await transport.Content.PutAsync("""{"type":"state","of":"found.eth"}"""u8.ToArray(), Cancel);
        var channel = Party.Channel(nodes.Apis[0]);
        var (files, names) = (new FileCalls(channel), new NameCalls(channel));
        await files.MakeFolderAsync($"/{Pool}", Cancel);
        await files.RemoveAsync($"/{Pool}/state.json", Cancel);
        Assert.True(await files.TryLinkAsync(state, $"/{Pool}/state.json", Cancel));
        var root = (await files.StatAsync($"/{Pool}", Cancel))!;
        var publisher = new IpnsPublisher(names, true, TimeProvider.System, NullLogger.Instance);
        await publisher.PublishAsync(Pool, root, Cancel);
        var name = await publisher.NameOfAsync(Pool, Cancel);
        var rendezvous = transport.Rendezvous!;
        foreach (var location in new[] { $"ipns://{name}", $"ipns://{name}/state.json", $"/ipns/{name}/", $"ipfs://{root}", $"ipfs://{root}/state.json", $"/ipfs/{root}", root, $"ipfs://{state}", $"{state}" })
        {
            Assert.Equal((location, state), (location, await rendezvous.LocateAsync(location, Cancel)));
        }

        // A web site, say: there is no state in it.
        await Assert.ThrowsAsync<TransportException>(() => rendezvous.LocateAsync($"ipfs://{root}/index.html", Cancel).AsTask());

        var compared = await rendezvous.CompareAsync(Pool, PoolLocation.Nowhere, Cancel);
        Assert.Equal($"ipns://{name}", compared.Published.State);
        Assert.Contains("has no record of where", Assert.Single(compared.Differences), StringComparison.Ordinal);
        Assert.Empty((await rendezvous.CompareAsync(Pool, compared.Published, Cancel)).Differences);

        const string Other = "/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
        var old = compared.Published with { State = $"ipfs://{root}" };
        Assert.Contains(root, Assert.Single((await rendezvous.CompareAsync(Pool, old, Cancel)).Differences), StringComparison.Ordinal);
        Assert.Contains("not this node", Assert.Single((await rendezvous.CompareAsync(Pool, old with { Peers = [Other] }, Cancel)).Differences), StringComparison.Ordinal);

        // Another daemon's node beside this one's: the state may be that one's.
        Assert.Empty((await rendezvous.CompareAsync(Pool, old with { Peers = [Other, .. old.Peers] }, Cancel)).Differences);
    }

    [Theory]
    [InlineData("ipns://evil.example", "neither")]
    [InlineData("http://evil.example/state.json", "neither")]
    [InlineData("ipfs://", "neither")]
    [InlineData("ipfs://bafkreihv5uh3vb43yjwxreqosob6nurtelxwhhgmhgnrb5sy5j26estqdy/../../x", "characters other than")]
    [InlineData("ipfs://bafkreihv5uh3vb43yjwxreqosob6nurtelxwhhgmhgnrb5sy5j26estqdy/a%2e", "characters other than")]
    public async Task A_location_of_another_form_is_not_followed(string location, string why)
    {
        await using var transport = Party.Make(nodes.Options(0));
        var thrown = await Assert.ThrowsAsync<TransportException>(() => transport.Rendezvous!.LocateAsync(location, Cancel).AsTask());
        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>Two nodes that nobody has connected: what one is told of the other's name is enough, and an answer of the named is believed first.</summary>
    [Fact]
    public async Task Who_is_told_a_peer_hears_it_and_trusts_it_before_a_stranger()
    {
        if (Nodes.Foreign is not null)
        {
            Assert.Skip("Needs nodes of its own that are not connected.");
        }

        await using var far = await IpfsNode.StartAsync();
        await using var near = await IpfsNode.StartAsync();
        await using var pool = Party.Make(new IpfsOptions { Api = far.Api });
        await using var client = Party.Make(new IpfsOptions { Api = near.Api });
        await pool.StartAsync(Cancel);
        await client.StartAsync(Cancel);
        var state = await pool.Content.PutAsync("state"u8.ToArray(), Cancel);
        await pool.Content.PointAsync("told.eth/state", state, Cancel);
        Assert.Null(await client.Content.ResolveAsync("told.eth/state", Cancel));

        var dead = "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
        var unusable = await client.Rendezvous!.ConnectAsync(["nonsense", dead, far.Address], Cancel);
        Assert.Contains("'nonsense'", Assert.Single(unusable), StringComparison.Ordinal);
        Assert.Equal(state, await client.Content.ResolveAsync("told.eth/state", Cancel));
        Assert.Equal("state"u8.ToArray(), (await client.Content.GetAsync(state, 100, Cancel)).ToArray());
    }

    [Theory]
    [InlineData(new[] { "/ip4/127.0.0.1/tcp/4001", "/ip4/10.0.0.2/tcp/4001", "/ip4/203.0.113.7/tcp/4001", "/ip6/2001:db8::7/udp/4001/quic-v1" }, new[] { 2, 3 })]
    [InlineData(new[] { "/ip4/127.0.0.1/tcp/4001", "/ip6/::1/tcp/4001", "/ip4/192.168.1.2/tcp/4001", "/ip6/fe80::1/tcp/4001" }, new[] { 2, 3 })]
    [InlineData(new[] { "/ip4/127.0.0.1/tcp/4001", "/ip6/::1/tcp/4001" }, new[] { 0, 1 })]
    [InlineData(new[] { "/dns4/pool.example/tcp/4001", "/ip4/10.0.0.2/tcp/4001" }, new[] { 0 })]
    public void Of_its_own_addresses_a_node_names_those_that_reach_furthest(string[] addresses, int[] expected)
    {
        const string Self = "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
        Assert.Equal(expected.Select(i => addresses[i] + Self), ReachableAddresses.Of([.. addresses.Select(address => address + Self)]));
    }
}
