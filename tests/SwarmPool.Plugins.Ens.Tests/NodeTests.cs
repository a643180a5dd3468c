using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;

namespace SwarmPool.Plugins.Ens.Tests;

/// <summary>Nodes fail, lie in form, and are slow. None of it says anything about a name.</summary>
public sealed class NodeTests(ChainFixture fixture)
{
    private static readonly EnsName Name = EnsName.Parse("m1.many.eth");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Each with a word of how it is told.
    private static readonly Dictionary<TapMode, string> Words = new()
    {
        [TapMode.HangUp] = "can't be reached",
        [TapMode.Status500] = "500",
        [TapMode.Redirect] = "302",
        [TapMode.NoJson] = "not a JSON-RPC",
        [TapMode.HalfCharacter] = "is on chain 0",
        [TapMode.NoBatch] = "batches are not for you",
        [TapMode.LeavesOneOut] = "unanswered",
        [TapMode.Huge] = "more than",
        [TapMode.Drip] = "within 1 s",
        [TapMode.Silent] = "within 1 s",
    };

    public static TheoryData<TapMode> Faults => [.. Enum.GetValues<TapMode>().Where(static mode => mode is not (TapMode.Pass or TapMode.Lie))];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_node_that_fails_is_no_answer_about_a_name(TapMode mode)
    {
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        tap.Mode = mode;
        var answer = await fixture.Identity(static options => options.TimeoutSeconds = 1, null, tap.Url).ResolveAsync(Name, Cancel);
        Assert.Equal(IdentityStatus.Unavailable, answer.Status);
        Assert.Contains(tap.Url.Host, answer.Detail, StringComparison.Ordinal);
        Assert.Contains(Words[mode], answer.Detail, StringComparison.Ordinal);
        Assert.InRange(tap.Requests.Count, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task While_a_node_fails_the_next_is_asked(TapMode mode)
    {
        await using var bad = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        await using var good = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        bad.Mode = mode;
        var identity = fixture.Identity(static options => (options.TimeoutSeconds, options.Quorum) = (2, 1), null, bad.Url, good.Url);
        Assert.Equal(IdentityStatus.Known, (await identity.ResolveAsync(Name, Cancel)).Status);

        // It rests: the good one is asked first now.
        var asked = bad.Requests.Count;
        Assert.Equal(IdentityStatus.Known, (await identity.ResolveAsync(EnsName.Parse("m2.many.eth"), Cancel)).Status);
        Assert.Equal(asked, bad.Requests.Count);
    }

    [Fact]
    public async Task A_node_that_has_rested_is_asked_again()
    {
        var time = new FakeTimeProvider();
        await using var favoured = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        favoured.Mode = TapMode.HangUp;
        var identity = fixture.Identity(static options => options.Quorum = 1, time, favoured.Url, fixture.Chain.Node.Url);
        Assert.Equal(IdentityStatus.Known, (await AskAsync()).Status);
        favoured.Mode = TapMode.Pass;
        time.Advance(TimeSpan.FromSeconds(2));
        var before = favoured.Requests.Count;
        Assert.Equal(IdentityStatus.Known, (await AskAsync()).Status);
        Assert.True(favoured.Requests.Count > before);

        async Task<IdentityAnswer> AskAsync()
        {
            var asked = identity.ResolveAsync(Name, Cancel).AsTask();
            time.Advance(TimeSpan.FromMilliseconds(10));
            return await asked;
        }
    }

    [Fact]
    public async Task A_node_of_another_chain_is_not_believed()
    {
        var answer = await fixture.AskAsync(Name, static options => options.Network = "eip155:1");
        Assert.Equal(IdentityStatus.Unavailable, answer.Status);
        Assert.Contains("chain 31337", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_far_behind_another_is_not_believed()
    {
        await using var other = await EnsChain.EnsChain.StartAsync();
        await other.RegisterAsync(Name.Text, other.Owner);
        var here = await fixture.Chain.Node.CallAsync("eth_blockNumber");
        await other.Node.CallAsync("anvil_mine", here.GetString()); // And some more, by what it has mined already and a test may mine meanwhile.
        await other.Node.CallAsync("anvil_mine", "0x80");
        await using var ahead = await RpcTap.StartAsync(other.Node.Url);
        await using var behind = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var identity = fixture.Identity(static options => options.Quorum = 1, null, ahead.Url, behind.Url);
        Assert.NotEqual(0, (await identity.ResolveAsync(Name, Cancel)).Block);
        ahead.Mode = TapMode.HangUp;
        var answer = await identity.ResolveAsync(EnsName.Parse("m5.many.eth"), Cancel);
        Assert.Equal(IdentityStatus.Unavailable, answer.Status);
        Assert.Contains("behind", answer.Detail, StringComparison.Ordinal);
    }

    /// <summary>Hosted nodes have their key in the address: it is shown nowhere, whatever goes wrong.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task What_follows_host_and_port_is_shown_nowhere(TapMode mode)
    {
        const string Secret = "v3/c0ffee0123456789";
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        tap.Mode = mode;
        var options = fixture.Options(new Uri(tap.Url, Secret));
        options.TimeoutSeconds = 1;
        var log = new TextLog<EnsIdentity>();
        var answer = await Identities.Make(options, null, log).ResolveAsync(Name, Cancel);
        Assert.DoesNotContain("c0ffee", answer.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c0ffee", log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(log.Text);
    }

    [Fact]
    public void A_secret_that_a_node_says_itself_is_taken_out()
    {
        Assert.True(Rpc.Endpoint.TryParse("https://node.example/v3/c0ffee0123456789", out var endpoint));
        Assert.Equal("https://node.example", endpoint.ToString());
        Assert.Equal("no project … here", endpoint.Clean("no project v3/c0ffee0123456789 here"));
        Assert.InRange(endpoint.Clean(new string('x', 5000)).Length, 1, 201);
    }
}
