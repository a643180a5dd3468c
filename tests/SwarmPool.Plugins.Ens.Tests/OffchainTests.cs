using System.Net;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Offchain;
using SwarmPool.Plugins.Ens.Tests.Support;

namespace SwarmPool.Plugins.Ens.Tests;

/// <summary>Answers from outside the chain (EIP-3668), by the walk and by the Universal Resolver.</summary>
public sealed class OffchainTests(ChainFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/{sender}/{data}", "GET")]
    [InlineData("/", "POST")]
    public async Task A_gateways_answer_counts_when_the_contract_says_so(string path, string method)
    {
        await using var gateway = await GatewayServer.StartAsync(fixture.Bob);
        var name = await RegisterAsync("offchain.eth", 0, gateway.Url + path[1..]);
        foreach (var lookup in Enum.GetValues<EnsLookup>())
        {
            var answer = await AskAsync(name, gateway, lookup);
            Assert.True(answer.Status == IdentityStatus.Known, answer.ToString());
            Assert.Equal((fixture.Bob, fixture.Bob), (answer.Accounts.Single(), answer.Payout));
        }

        Assert.All(gateway.Methods, asked => Assert.Equal(method, asked));
    }

    [Fact]
    public async Task Unless_it_is_allowed_nothing_is_asked_outside_the_chain()
    {
        await using var gateway = await GatewayServer.StartAsync(fixture.Bob);
        var name = await RegisterAsync("inside.eth", 0, gateway.Url + "{data}");
        var answer = await fixture.AskAsync(name);
        Assert.Equal(IdentityStatus.Unknown, answer.Status);
        Assert.Contains("offchain", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(gateway.Methods);
    }

    [Theory]
    [InlineData(GatewayMode.OtherQuestion, IdentityStatus.Unknown, "revert")]
    [InlineData(GatewayMode.Redirect, IdentityStatus.Unknown, "302")]
    [InlineData(GatewayMode.NotFound, IdentityStatus.Unknown, "404")]
    [InlineData(GatewayMode.NoJson, IdentityStatus.Unknown, "gateway")]
    [InlineData(GatewayMode.HalfCharacter, IdentityStatus.Unknown, "is not valid")]
    [InlineData(GatewayMode.Huge, IdentityStatus.Unknown, "more than")]
    [InlineData(GatewayMode.Broken, IdentityStatus.Unavailable, "502")]
    [InlineData(GatewayMode.Drip, IdentityStatus.Unavailable, "within")]
    public async Task A_bad_gateway_is_named_and_bounded(GatewayMode mode, IdentityStatus status, string reason)
    {
        await using var gateway = await GatewayServer.StartAsync(fixture.Bob, mode);
        var name = await RegisterAsync($"gateway{(int)mode}.eth", 0, gateway.Url + "{data}");
        var answer = await AskAsync(name, gateway, EnsLookup.Registry);
        Assert.True(answer.Status == status, answer.ToString());
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.InRange(gateway.Methods.Count, 1, 2); // Its two records; never again, and never on to where it sends.
    }

    /// <summary>The resolver itself plays tricks: in another's name, with a callback that isn't there, from gateway to gateway for ever.</summary>
    [Theory]
    [InlineData(1, "answers to another contract")]
    [InlineData(2, "revert")]
    [InlineData(3, "more than 4 times")]
    public async Task A_resolver_that_plays_tricks_is_named_and_bounded(int mode, string reason)
    {
        await using var gateway = await GatewayServer.StartAsync(fixture.Bob);
        var name = await RegisterAsync($"trick{mode}.eth", mode, gateway.Url + "{data}");
        var answer = await AskAsync(name, gateway, EnsLookup.Registry);
        Assert.Equal(IdentityStatus.Unknown, answer.Status);
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.InRange(gateway.Methods.Count, 0, 8);
    }

    /// <summary>With the shipped handler: a gateway inside this machine is never connected to, by whatever name.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("169.254.169.254")]
    [InlineData("0x7f000001")]
    public async Task A_gateway_at_no_public_address_is_not_connected_to(string host)
    {
        await using var gateway = await GatewayServer.StartAsync(fixture.Bob);
        var name = await RegisterAsync("private.eth", 0, $"https://{host}:{gateway.Url.Port}/{{data}}");
        var answer = await fixture.AskAsync(name, static options => options.Offchain = true);
        Assert.Equal(IdentityStatus.Unknown, answer.Status);
        Assert.Contains("public address", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(gateway.Methods);
    }

    [Theory]
    [InlineData("http://gateway.example/{data}")]
    [InlineData("https://user:secret@gateway.example/{data}")]
    [InlineData("file:///etc/passwd")]
    [InlineData("")]
    public async Task Only_https_is_asked(string url)
    {
        var name = await RegisterAsync("plainhttp.eth", 0, url);
        var answer = await fixture.AskAsync(name, static options => options.Offchain = true);
        Assert.Equal(IdentityStatus.Unknown, answer.Status);
        Assert.Contains("https", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_gateway_keeps_no_other_name_waiting()
    {
        await using var gateway = await GatewayServer.StartAsync(fixture.Bob, GatewayMode.Drip);
        var slow = await RegisterAsync("slow.eth", 0, gateway.Url + "{data}");
        var identity = Identities.MakeWithGateway(Options(EnsLookup.Registry, seconds: 2), IPAddress.IsLoopback, gateway.Thumbprint);
        var late = identity.ResolveAsync(slow, Cancel).AsTask();
        var other = await identity.ResolveAsync(EnsName.Parse("m1.many.eth"), Cancel);
        Assert.Equal(IdentityStatus.Known, other.Status);
        Assert.False(late.IsCompleted);
        Assert.Equal(IdentityStatus.Unavailable, (await late).Status);
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public void An_address_is_public_or_not(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(address)));

    private async Task<EnsName> RegisterAsync(string text, int mode, string url)
    {
        var name = EnsName.Parse(text);
        await fixture.Chain.RegisterAsync(name, await fixture.Chain.DeployOffchainAsync(mode, url));
        return name;
    }

    private EnsOptions Options(EnsLookup lookup, int seconds)
    {
        var options = fixture.Options();
        (options.Offchain, options.Lookup, options.TimeoutSeconds) = (true, lookup, seconds);
        return options;
    }

    private async Task<IdentityAnswer> AskAsync(EnsName name, GatewayServer gateway, EnsLookup lookup) =>
        await Identities.MakeWithGateway(Options(lookup, seconds: 1), IPAddress.IsLoopback, gateway.Thumbprint).ResolveAsync(name, Cancel);
}
