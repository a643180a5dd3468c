using System.Text.RegularExpressions;
using SwarmPool.Identity;

namespace SwarmPool.Testing.Identity;

/// <summary>
/// The contract of <see cref="IIdentityProvider"/> as tests: "no" and "can't tell" are different answers, faults are answers and not
/// exceptions, answers are whole, repeatable, and given to many at once.
/// </summary>
/// <remarks>Inherit it in a public class and override the abstract members. One provider is made a test.</remarks>
public abstract partial class IdentitySuite
{
    /// <summary>How long a test waits for an answer. It bounds failure only; default 60 seconds.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>A name that the provider knows.</summary>
    protected abstract EnsName KnownName { get; }

    /// <summary>The accounts that may sign for it, in any order.</summary>
    protected abstract IReadOnlyCollection<EthAddress> KnownAccounts { get; }

    /// <summary>Where it is paid.</summary>
    protected abstract EthAddress KnownPayout { get; }

    /// <summary>A name that does not exist.</summary>
    protected virtual EnsName UnknownName => EnsName.Parse("nobody.has.this.name.eth");

    /// <summary>Makes the provider, over a source that knows <see cref="KnownName"/>.</summary>
    protected abstract IIdentityProvider Make();

    /// <summary>
    /// Cuts the provider from its source (stops the node, breaks the file) and makes sure that no earlier answer of its own hides that.
    /// </summary>
    protected abstract ValueTask BreakSourceAsync(IIdentityProvider provider);

    /// <summary>Fixes what <see cref="BreakSourceAsync"/> broke.</summary>
    protected abstract ValueTask MendSourceAsync(IIdentityProvider provider);

    [Fact]
    public async Task A_known_name_has_its_accounts_and_its_payout()
    {
        var provider = Make();
        CheckKnown(await AskAsync(provider, KnownName));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_unknown_and_has_nothing()
    {
        var answer = await AskAsync(Make(), UnknownName);
        CheckEmpty(answer, IdentityStatus.Unknown);
    }

    [Fact]
    public async Task A_source_that_is_gone_is_unavailable_and_never_unknown_and_mends_itself()
    {
        var provider = Make();
        await BreakSourceAsync(provider);
        foreach (var name in new[] { KnownName, UnknownName })
        {
            CheckEmpty(await AskAsync(provider, name), IdentityStatus.Unavailable);
        }

        await MendSourceAsync(provider);
        CheckKnown(await AskAsync(provider, KnownName));
        CheckEmpty(await AskAsync(provider, UnknownName), IdentityStatus.Unknown);
    }

    [Fact]
    public void The_network_is_local_or_a_chain_and_stays()
    {
        var (one, two) = (Make(), Make());
        Assert.Matches(NetworkForm(), one.Network);
        Assert.Equal(one.Network, two.Network);
        Assert.Equal(one.Network, one.Network);
    }

    [Fact]
    public async Task Many_may_ask_at_once_and_get_the_same_answer()
    {
        var provider = Make();
        var answers = await Task.WhenAll(Enumerable.Range(0, 48).Select(i => AskAsync(provider, i % 3 == 0 ? UnknownName : KnownName)));
        Assert.All(answers.Where((_, i) => i % 3 == 0), answer => CheckEmpty(answer, IdentityStatus.Unknown));
        Assert.All(answers.Where((_, i) => i % 3 != 0), CheckKnown);
    }

    /// <summary>Names of every form that the strict subset allows, none of which exists.</summary>
    [Theory]
    [InlineData("a.b")]
    [InlineData("_miner.$.x-1.eth")]
    [InlineData("1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.eth")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.eth")]
    public async Task Any_name_that_can_be_written_is_answered(string name) =>
        CheckEmpty(await AskAsync(Make(), EnsName.Parse(name)), IdentityStatus.Unknown);

    [Fact]
    public async Task Only_cancellation_throws()
    {
        var provider = Make();
        try
        {
            CheckKnown(await provider.ResolveAsync(KnownName, new CancellationToken(canceled: true)));
        }
        catch (OperationCanceledException)
        {
            // One of the two allowed outcomes.
        }

        CheckKnown(await AskAsync(provider, KnownName));
    }

    private async Task<IdentityAnswer> AskAsync(IIdentityProvider provider, EnsName name)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await provider.ResolveAsync(name, limit.Token);
    }

    private void CheckKnown(IdentityAnswer answer)
    {
        Assert.Equal(IdentityStatus.Known, answer.Status);
        Assert.Equal(KnownAccounts.Order(), answer.Accounts.Order());
        Assert.Equal(KnownPayout, answer.Payout);
        CheckForm(answer);
    }

    private static void CheckEmpty(IdentityAnswer answer, IdentityStatus status)
    {
        Assert.Equal(status, answer.Status);
        Assert.Empty(answer.Accounts);
        Assert.Null(answer.Payout);
        CheckForm(answer);
    }

    private static void CheckForm(IdentityAnswer answer)
    {
        Assert.True(answer.ValidFor > TimeSpan.Zero, "An answer has to be usable for some time.");
        Assert.InRange(answer.Block, 0, long.MaxValue);
        Assert.NotNull(answer.Detail);
    }

    [GeneratedRegex("^(local|[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})$")]
    private static partial Regex NetworkForm();
}
