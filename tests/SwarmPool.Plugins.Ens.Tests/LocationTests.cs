using System.Text.Json;
using SwarmPool.EnsChain;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ens.Tests;

/// <summary>Where a pool is, by the records of its name on a real chain.</summary>
public sealed class LocationTests(ChainFixture fixture)
{
    private const string Peer = "/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private static readonly byte[] Key = [1, 0x72, 0, 36, 8, 1, 18, 32, .. Enumerable.Repeat((byte)7, 32)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EnsLookup.Registry)]
    [InlineData(EnsLookup.Universal)]
    public async Task The_records_of_a_name_say_where_its_pool_is(EnsLookup lookup)
    {
        var name = await fixture.Chain.RegisterAsync($"pool.{lookup}.eth".ToLowerInvariant(), fixture.Alice, ("swarmpool.transport", $"{Peer}, {Peer}/x"));
        var none = await FindAsync(await fixture.Chain.RegisterAsync($"bare.{lookup}.eth".ToLowerInvariant(), fixture.Alice), lookup);
        Assert.Equal((IdentityStatus.Known, true, 0), (none.Status, none.Place.IsNowhere, none.Problems.Count));

        await fixture.Chain.SetContenthashAsync(name, [0xe5, 0x01, .. Key]);
        var found = await FindAsync(name, lookup);
        Assert.True(IpnsName.TryRead(Key, out var key));
        Assert.Equal((IdentityStatus.Known, $"ipns://{key}", 0), (found.Status, found.Place.State, found.Problems.Count));
        Assert.Equal([Peer, $"{Peer}/x"], found.Place.Peers);
        Assert.True(found.Block > 0);

        // The contenthash may be the pool's web site: what is written for the pool goes before it.
        await fixture.Chain.RegisterAsync(name.Text, fixture.Alice, ("swarmpool.state", "ipfs://of-the-pool"));
        Assert.Equal("ipfs://of-the-pool", (await FindAsync(name, lookup)).Place.State);
    }

    [Fact]
    public async Task What_can_not_be_used_is_named_and_the_rest_is()
    {
        var name = await fixture.Chain.RegisterAsync("garbage.eth", fixture.Alice, ("swarmpool.transport", Peer));
        foreach (var (hash, problem) in new (byte[], string)[]
        {
            ([0xe4, 0x01, 1, 0xfa, 1, 0x1b, 32, .. new byte[32]], "a protocol (0xe4) other than"),
            ([0xe5, 0x01, 1, 0x70, 0, 11, .. "evil.exampl"u8], "not in a supported form"),
            ([0xe3, 0x01, 1, 0x70, 0x12, 32, 1, 2, 3], "not in a supported form"),
            ([0xff, 0xff, 0xff, 0xff, 0xff], "malformed"),
            ([0xe3, 0x01], "malformed"),
            (new byte[20_000], "20000 bytes"),
        })
        {
            await fixture.Chain.SetContenthashAsync(name, hash);
            var found = await FindAsync(name);
            Assert.Null(found.Place.State);
            Assert.Equal([Peer], found.Place.Peers);
            Assert.Contains(problem, Assert.Single(found.Problems), StringComparison.Ordinal);
        }

        await fixture.Chain.RegisterAsync(name.Text, fixture.Alice, ("swarmpool.state", new string('s', 3000)), ("swarmpool.transport", new string('t', 3000)));
        var huge = await FindAsync(name);
        Assert.True(huge.Place.IsNowhere);
        Assert.Equal(2, huge.Problems.Count);
    }

    /// <summary>A name's owner chooses its resolver: it may do anything, and is answered for within bounds.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_hostile_resolver_leads_nowhere(int mode)
    {
        var name = EnsName.Parse($"nowhere{mode}.eth");
        await fixture.Chain.RegisterAsync(name, await fixture.Chain.DeployHostileAsync(mode));
        foreach (var lookup in Enum.GetValues<EnsLookup>())
        {
            var found = await FindAsync(name, lookup);
            Assert.True(found.Place.IsNowhere, found.ToString());
            Assert.InRange(found.Problems.Count, 0, 3);
            Assert.All(found.Problems, static problem => Assert.InRange(problem.Length, 10, 400));
        }
    }

    [Fact]
    public async Task A_name_that_is_not_there_and_a_node_that_is_not_are_different_answers()
    {
        Assert.Equal(IdentityStatus.Unknown, (await FindAsync(EnsName.Parse("never.was.eth"))).Status);
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        tap.Mode = TapMode.HangUp;
        var away = await fixture.Identity(null, null, tap.Url).FindPoolAsync(EnsName.Parse("never.was.eth"), Cancel);
        Assert.Equal(IdentityStatus.Unavailable, away.Status);
        Assert.NotEmpty(Assert.Single(away.Problems));
    }

    /// <summary>ethers reads a contenthash as we do, but for the spelling of keys and CIDs.</summary>
    [Fact]
    public async Task A_contenthash_is_read_there_as_it_is_here()
    {
        var (named, hashed) = (await fixture.Chain.RegisterAsync("named.eth", fixture.Alice), await fixture.Chain.RegisterAsync("hashed.eth", fixture.Alice));
        var directory = new Cid(Cid.DagPbCodec, Enumerable.Repeat((byte)9, 32).ToArray());
        await fixture.Chain.SetContenthashAsync(named, [0xe5, 0x01, .. Key]);
        await fixture.Chain.SetContenthashAsync(hashed, [0xe3, 0x01, .. directory.ToBytes()]);
        var said = await NodeScript.RunAsync(
            "peer.mjs", JsonSerializer.Serialize(new[] { named.Text, hashed.Text }), "contenthash", fixture.Chain.Node.Url.ToString(), fixture.Chain.Registry.ToString(), "31337");
        var theirs = JsonSerializer.Deserialize<string[]>(said)!;
        Assert.True(IpnsName.TryParse(theirs[0]["ipns://".Length..], out var key));
        Assert.Equal($"ipns://{key}", (await FindAsync(named)).Place.State);
        Assert.Equal($"ipfs://{directory}", (await FindAsync(hashed)).Place.State);
        Assert.StartsWith("ipfs://Qm", theirs[1], StringComparison.Ordinal);
    }

    private async Task<PoolAddress> FindAsync(EnsName name, EnsLookup lookup = EnsLookup.Registry) =>
        await fixture.Identity(options => options.Lookup = lookup).FindPoolAsync(name, Cancel);
}
