using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;

namespace SwarmPool.Plugins.Ens.Tests;

/// <summary>A name's owner chooses its resolver, so a resolver may do anything. Only its own name may suffer.</summary>
public sealed class HostileResolverTests(ChainFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What a contract does is the same for every node, so each of these is a no, with its reason.</summary>
    [Theory]
    [InlineData(0, "reverts")]
    [InlineData(1, "loops")]
    [InlineData(3, "gives offsets beyond all bounds")]
    [InlineData(4, "has no valid code")]
    [InlineData(6, "says yes to everything")]
    [InlineData(7, "gives nothing")]
    public async Task A_resolver_that_is_none_makes_its_name_unknown(int mode, string what)
    {
        var name = EnsName.Parse($"hostile{mode}.eth");
        await fixture.Chain.RegisterAsync(name, await fixture.Chain.DeployHostileAsync(mode));
        foreach (var lookup in Enum.GetValues<EnsLookup>())
        {
            var answer = await fixture.AskAsync(name, options => options.Lookup = lookup);
            Assert.True(answer.Status == IdentityStatus.Unknown, $"A resolver that {what} gave {answer}");
            Assert.InRange(answer.Detail.Length, 10, 400);
        }
    }

    /// <summary>Megabytes, returned or reverted with: not read to their end, and never held against other names.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_huge_answer_is_not_read_and_keeps_no_other_name_from_its_own(int mode)
    {
        var name = EnsName.Parse($"huge{mode}.eth");
        await fixture.Chain.RegisterAsync(name, await fixture.Chain.DeployHostileAsync(mode));
        var identity = fixture.Identity();
        var huge = identity.ResolveAsync(name, Cancel).AsTask();
        var other = identity.ResolveAsync(EnsName.Parse("m3.many.eth"), Cancel).AsTask();
        Assert.Equal(IdentityStatus.Known, (await other).Status);
        Assert.NotEqual(IdentityStatus.Known, (await huge).Status);
        Assert.NotEmpty((await huge).Detail);
    }

    /// <summary>An account without code answers every call with nothing.</summary>
    [Fact]
    public async Task A_resolver_without_code_is_no_resolver()
    {
        var name = EnsName.Parse("codeless.eth");
        await fixture.Chain.RegisterAsync(name, fixture.Bob);
        foreach (var lookup in Enum.GetValues<EnsLookup>())
        {
            Assert.Equal(IdentityStatus.Unknown, (await fixture.AskAsync(name, options => options.Lookup = lookup)).Status);
        }
    }

    /// <summary>A registry or Universal Resolver that isn't there is a mistake of the operator's, and is said as such.</summary>
    [Theory]
    [InlineData(EnsLookup.Registry, "registry")]
    [InlineData(EnsLookup.Universal, "Universal Resolver")]
    public async Task A_wrong_address_of_ENS_itself_is_said(EnsLookup lookup, string what)
    {
        var answer = await fixture.AskAsync(EnsName.Parse("m4.many.eth"), options =>
        {
            options.Lookup = lookup;
            options.Registry = options.UniversalResolver = fixture.Bob.ToString();
        });
        Assert.NotEqual(IdentityStatus.Known, answer.Status);
        Assert.Contains(what, answer.Detail, StringComparison.Ordinal);
    }
}
