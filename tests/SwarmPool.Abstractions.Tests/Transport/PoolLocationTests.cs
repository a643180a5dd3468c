using CsCheck;
using SwarmPool.Transport;

namespace SwarmPool.Abstractions.Tests.Transport;

/// <summary>What stands in a name's records was written by whoever owns the name.</summary>
public sealed class PoolLocationTests
{
    private const string Peer = "/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

    [Fact]
    public void Records_are_read_and_written()
    {
        var place = Read(" ipns://k51 ", $" {Peer} , ,{Peer},/dns4/pool.example/tcp/4001/p2p/12D3", out var problems);
        Assert.Empty(problems);
        Assert.Equal("ipns://k51", place.State);
        Assert.Equal([Peer, "/dns4/pool.example/tcp/4001/p2p/12D3"], place.Peers);
        Assert.Equal(place.Peers, Read(null, place.PeersText, out _).Peers);
        Assert.True(Read(null, "", out _).IsNowhere);
    }

    [Fact]
    public void What_is_too_long_or_too_many_or_invisible_is_named_and_left_out()
    {
        Assert.Null(Read(new string('x', 1_000_000), null, out var huge).State);
        Assert.Contains("1000000 characters", Assert.Single(huge), StringComparison.Ordinal);
        Assert.Null(Read("ipfs://\u202Eevil", null, out var invisible).State);
        Assert.Single(invisible);
        Assert.Empty(Read(null, new string(',', 1_000_000), out var commas).Peers);
        Assert.Single(commas);
        Assert.Equal(PoolLocation.MaxPeers, Read(null, string.Join(',', Enumerable.Range(0, 100)), out var many).Peers.Count);
        Assert.Contains("more than 8", Assert.Single(many), StringComparison.Ordinal);
        Assert.Equal(["b"], Read(null, $"{new string('a', 300)},b\n", out var one).Peers);
        Assert.Single(one);
    }

    [Fact]
    public void Whatever_is_read_keeps_the_bounds() => Gen.Select(Gen.String[0, 3000], Gen.String[0, 3000]).Sample((state, peers) =>
    {
        var place = Read(state, peers, out var problems);
        return (place.State?.Length ?? 0) <= PoolLocation.MaxStateLength
            && place.Peers.Count <= PoolLocation.MaxPeers
            && place.Peers.All(peer => peer.Length <= PoolLocation.MaxPeerLength && peer.All(c => c is > ' ' and < '\u007f' and not ','))
            && problems.All(problem => problem.Length < 200);
    });

    private static PoolLocation Read(string? state, string? peers, out List<string> problems)
    {
        var told = problems = [];
        return PoolLocation.Read(state, peers, told.Add);
    }
}
