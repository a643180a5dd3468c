using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Names;
using SwarmPool.Plugins.Ens.Tests.Support;

namespace SwarmPool.Plugins.Ens.Tests;

public sealed class ResolutionTests(ChainFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_names_node_is_that_of_EIP_137() => Assert.Equal(
        "e8d0dc0d3ef926f4bb8964c21ac4ec19d8545595850d04ad33bdad62aeb623a2",
        Convert.ToHexStringLower(NameEncoding.NodesToRoot(EnsName.Parse("miner.alice.eth"))[0]));

    [Theory]
    [InlineData(EnsLookup.Registry)]
    [InlineData(EnsLookup.Universal)]
    public async Task A_name_is_paid_at_its_own_address_unless_its_text_record_says_where(EnsLookup lookup)
    {
        var plain = await fixture.Chain.RegisterAsync($"plain.{lookup}.eth".ToLowerInvariant(), fixture.Alice);
        var paid = await fixture.Chain.RegisterAsync($"paid.{lookup}.eth".ToLowerInvariant(), fixture.Alice, ("swarmpool.payout", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"));
        var (first, second) = (await AskAsync(plain, lookup), await AskAsync(paid, lookup));
        Assert.Equal((IdentityStatus.Known, fixture.Alice, fixture.Alice), (first.Status, first.Accounts.Single(), first.Payout));
        Assert.Equal((IdentityStatus.Known, fixture.Alice, fixture.Bob), (second.Status, second.Accounts.Single(), second.Payout));
        Assert.True(first.Block > 0);
    }

    /// <summary>Paying elsewhere than the owner wrote would be worse than not paying: what is no address leaves the name unusable.</summary>
    [Theory]
    [InlineData("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BD", "checksum")]
    [InlineData("0x0000000000000000000000000000000000000000", "not an address")]
    [InlineData("bob.eth", "not an address")]
    [InlineData(" 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "not an address")]
    public async Task A_payout_that_is_no_address_is_said(string payout, string problem)
    {
        var name = await fixture.Chain.RegisterAsync("slip.eth", fixture.Alice, ("swarmpool.payout", payout));
        foreach (var lookup in Enum.GetValues<EnsLookup>())
        {
            var answer = await AskAsync(name, lookup);
            Assert.Equal(IdentityStatus.Unknown, answer.Status);
            Assert.Contains(problem, answer.Detail, StringComparison.Ordinal);
            Assert.Contains("swarmpool.payout", answer.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(EnsLookup.Registry)]
    [InlineData(EnsLookup.Universal)]
    public async Task A_wildcard_answers_for_what_is_below_and_may_say_no(EnsLookup lookup)
    {
        var answer = await AskAsync(EnsName.Parse("m1.many.eth"), lookup);
        var expected = new byte[32];
        Keccak.Hash(NameEncoding.Dns(EnsName.Parse("m1.many.eth")), expected);
        Assert.Equal(new EthAddress(expected.AsSpan(12)), Assert.Single(answer.Accounts));
        Assert.Equal(IdentityStatus.Known, (await AskAsync(EnsName.Parse("a.b.c.d.many.eth"), lookup)).Status);
        Assert.Equal(IdentityStatus.Unknown, (await AskAsync(EnsName.Parse("nobody1.many.eth"), lookup)).Status);
    }

    [Theory]
    [InlineData(EnsLookup.Registry)]
    [InlineData(EnsLookup.Universal)]
    public async Task A_resolver_above_that_is_no_wildcard_does_not_answer_for_names_below(EnsLookup lookup)
    {
        await fixture.Chain.RegisterAsync("parent.eth", fixture.Alice);
        var answer = await AskAsync(EnsName.Parse("child.parent.eth"), lookup);
        Assert.Equal(IdentityStatus.Unknown, answer.Status);
        Assert.NotEmpty(answer.Detail);
    }

    [Theory]
    [InlineData(EnsLookup.Registry)]
    [InlineData(EnsLookup.Universal)]
    public async Task A_name_that_points_nowhere_is_unknown(EnsLookup lookup)
    {
        var name = await fixture.Chain.RegisterAsync("nowhere.eth", default(EthAddress));
        var answer = await AskAsync(name, lookup);
        Assert.Equal(IdentityStatus.Unknown, answer.Status);
        Assert.Contains("no address", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EnsLookup.Registry)]
    [InlineData(EnsLookup.Universal)]
    public async Task All_of_an_answer_is_read_at_the_block_that_it_names(EnsLookup lookup)
    {
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var answer = await fixture.Identity(options => options.Lookup = lookup, null, tap.Url).ResolveAsync(EnsName.Parse("m2.many.eth"), Cancel);
        var blocks = tap.Requests.SelectMany(static request => JsonElement.Parse(request).EnumerateArray().ToArray())
            .Where(static call => call.GetProperty("method").GetString() == "eth_call")
            .Select(static call => call.GetProperty("params")[1].GetString()).ToArray();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"0x{answer.Block:x}"), block));
    }

    [Theory]
    [InlineData(EnsBlock.Safe)]
    [InlineData(EnsBlock.Finalized)]
    public async Task Names_are_read_at_the_block_that_is_trusted(EnsBlock block)
    {
        var name = await fixture.Chain.RegisterAsync($"settled{block}.eth".ToLowerInvariant(), fixture.Alice);
        await fixture.Chain.Node.CallAsync("anvil_mine", "0x5");
        var before = await NumberAsync(block);
        var answer = await fixture.AskAsync(name, options => options.Block = block);
        Assert.Equal(IdentityStatus.Known, answer.Status);
        Assert.InRange(answer.Block, before, await NumberAsync(block));
    }

    /// <summary>The runtime asks again after the lifetime; the provider must not remember for longer than a block counts as the newest.</summary>
    [Fact]
    public async Task A_name_that_changed_hands_is_noticed_when_it_is_asked_for_again()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var name = await fixture.Chain.RegisterAsync("sold.eth", fixture.Alice);
        var identity = fixture.Identity(null, time);
        Assert.Equal(fixture.Alice, (await AskAsync(identity, name, time)).Accounts.Single());
        await fixture.Chain.RegisterAsync("sold.eth", fixture.Bob);
        time.Advance(TimeSpan.FromSeconds(13));
        Assert.Equal(fixture.Bob, (await AskAsync(identity, name, time)).Accounts.Single());
    }

    private static async Task<IdentityAnswer> AskAsync(EnsIdentity identity, EnsName name, FakeTimeProvider time)
    {
        var asked = identity.ResolveAsync(name, Cancel).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(10)); // The window in which names are gathered.
        return await asked;
    }

    private async Task<long> NumberAsync(EnsBlock block)
    {
        var header = await fixture.Chain.Node.CallAsync("eth_getBlockByNumber", block.ToString().ToLowerInvariant(), false);
        return long.Parse(header.GetProperty("number").GetString()![2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private Task<IdentityAnswer> AskAsync(EnsName name, EnsLookup lookup) => fixture.AskAsync(name, options => options.Lookup = lookup);
}
