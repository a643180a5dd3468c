using System.Text;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;

namespace SwarmPool.Plugins.Ens.Tests;

/// <summary>A node that lies redirects no payout where several are asked.</summary>
public sealed class QuorumTests(ChainFixture fixture)
{
    private static readonly EthAddress Thief = EthAddress.Parse("0x00000000000000000000000000000000000000fF");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_nodes_of_which_the_first_lies_nothing_is_taken_and_both_are_told()
    {
        var name = await PaidAsync("quorum-two.eth");
        await using var liar = await LiarAsync();
        var log = new TextLog<EnsIdentity>();
        var answer = await Identities.Make(fixture.Options(liar.Url, fixture.Chain.Node.Url), null, log).ResolveAsync(name, Cancel);
        Assert.Equal(IdentityStatus.Disputed, answer.Status);
        Assert.Null(answer.Payout);
        Assert.Contains($"{liar.Url.GetLeftPart(UriPartial.Authority)} says that it is {fixture.Alice} and paid at {Thief}", answer.Detail, StringComparison.Ordinal);
        Assert.Contains($"paid at {fixture.Bob}", answer.Detail, StringComparison.Ordinal);
        Assert.Contains("SP2214", log.Text, StringComparison.Ordinal);

        // As it was before: whoever is first is believed.
        var alone = await fixture.Identity(static options => options.Quorum = 1, null, liar.Url, fixture.Chain.Node.Url).ResolveAsync(name, Cancel);
        Assert.Equal(Thief, alone.Payout);
    }

    [Fact]
    public async Task Of_three_nodes_one_that_lies_is_outvoted()
    {
        var name = await PaidAsync("quorum-three.eth");
        await using var liar = await LiarAsync();
        await using var third = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var log = new TextLog<EnsIdentity>();
        var identity = Identities.Make(fixture.Options(liar.Url, fixture.Chain.Node.Url, third.Url), null, log);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => identity.ResolveAsync(name, Cancel).AsTask()));
        Assert.All(answers, answer => Assert.Equal((IdentityStatus.Known, fixture.Bob), (answer.Status, answer.Payout)));
    }

    [Fact]
    public async Task A_name_that_only_the_liar_knows_is_not_known()
    {
        await using var liar = await LiarAsync();
        var name = EnsName.Parse("quorum-nobody.eth");
        liar.Lie = ("0x" + new string('0', 64), "0x" + Thief.ToString()[2..].ToLowerInvariant().PadLeft(64, '0'));
        await using var third = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        Assert.Equal(IdentityStatus.Unknown, (await fixture.Identity(null, null, liar.Url, fixture.Chain.Node.Url, third.Url).ResolveAsync(name, Cancel)).Status);
    }

    [Theory]
    [InlineData(TapMode.HangUp)]
    [InlineData(TapMode.NoJson)]
    [InlineData(TapMode.Silent)]
    public async Task A_node_that_fails_is_no_voice_against_the_others_and_none_for_them(TapMode mode)
    {
        var name = await PaidAsync($"quorum-{mode}.eth".ToLowerInvariant());
        await using var bad = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        bad.Mode = mode;
        await using var third = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var ofThree = await fixture.Identity(static options => options.TimeoutSeconds = 1, null, bad.Url, fixture.Chain.Node.Url, third.Url).ResolveAsync(name, Cancel);
        Assert.Equal((IdentityStatus.Known, fixture.Bob), (ofThree.Status, ofThree.Payout));
        var ofTwo = await fixture.Identity(static options => options.TimeoutSeconds = 1, null, bad.Url, fixture.Chain.Node.Url).ResolveAsync(name, Cancel);
        Assert.Equal(IdentityStatus.Unavailable, ofTwo.Status);
        Assert.Contains("2 have to say the same", ofTwo.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_says_it_is_far_ahead_does_not_make_the_others_old()
    {
        var name = await PaidAsync("quorum-ahead.eth");
        await using var liar = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var head = (await fixture.Chain.Node.CallAsync("eth_blockNumber")).GetString()!;
        (liar.Mode, liar.Lie) = (TapMode.Lie, ($"\"{head}\"", "\"0xffffff\""));
        await using var third = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var answer = await fixture.Identity(null, null, liar.Url, fixture.Chain.Node.Url, third.Url).ResolveAsync(name, Cancel);
        Assert.Equal((IdentityStatus.Known, fixture.Bob), (answer.Status, answer.Payout));
        Assert.InRange(answer.Block, 1, 0xfffffe);
    }

    [Fact]
    public async Task A_contract_is_believed_by_as_many_as_a_name()
    {
        var wallet = await fixture.Chain.DeployWalletAsync(fixture.Alice);
        await using var liar = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var asked = await fixture.Identity().AskContractAsync(wallet, new byte[32], new byte[65], Cancel);
        Assert.Equal(ContractStatus.Refused, asked.Status);

        // A node that says yes to a forged signature.
        (liar.Mode, liar.Lie) = (TapMode.Lie, ("0xffffffff" + new string('0', 56), "0x1626ba7e" + new string('0', 56)));
        Assert.Equal(ContractStatus.Accepted, (await fixture.Identity(static o => o.Quorum = 1, null, liar.Url).AskContractAsync(wallet, new byte[32], new byte[65], Cancel)).Status);
        var disputed = await fixture.Identity(null, null, liar.Url, fixture.Chain.Node.Url).AskContractAsync(wallet, new byte[32], new byte[65], Cancel);
        Assert.Equal(ContractStatus.Unavailable, disputed.Status);
        Assert.Contains("have to say the same", disputed.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(3, 0, 2)]
    [InlineData(5, 0, 3)]
    [InlineData(5, 5, 5)]
    [InlineData(2, 1, 1)]
    public void More_than_half_unless_it_is_said_otherwise(int endpoints, int set, int quorum)
    {
        var options = fixture.Options([.. Enumerable.Repeat(fixture.Chain.Node.Url, endpoints)]);
        options.Quorum = set;
        Assert.Equal(quorum, EnsOptionsCheck.Quorum(options));
        Assert.True(new EnsOptionsCheck().Validate(null, options).Succeeded);
        options.Quorum = endpoints + 1;
        Assert.Contains("quorum", new EnsOptionsCheck().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    private async Task<EnsName> PaidAsync(string text) => await fixture.Chain.RegisterAsync(text, fixture.Alice, ("swarmpool.payout", fixture.Bob.ToString()));

    // It says of every name that it is paid at its own address.
    private async Task<RpcTap> LiarAsync()
    {
        var liar = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        (liar.Mode, liar.Lie) = (TapMode.Lie, (Hex(fixture.Bob), Hex(Thief)));
        return liar;
    }

    private static string Hex(EthAddress address) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(address.ToString()));
}
