using Microsoft.Extensions.Time.Testing;
using SwarmPool.Plugins.Ens;
using SwarmPool.Plugins.Ens.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names;

namespace SwarmPool.Identity.Tests;

/// <summary>The runtime's memory of names over a real chain, on a clock that the test turns.</summary>
public sealed class DirectoryTests(ChainFixture fixture) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new();
    private RpcTap tap = null!;
    private NameCache names = null!;

    public async ValueTask InitializeAsync()
    {
        tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        names = new NameCache(fixture.Identity(null, time, tap.Url), time);
    }

    public ValueTask DisposeAsync() => tap.DisposeAsync();

    [Fact]
    public async Task A_known_name_lives_on_for_its_grace_while_the_node_is_away_and_an_unknown_one_is_neither_yes_nor_no()
    {
        var (known, other) = (EnsName.Parse("m1.many.eth"), EnsName.Parse("m2.many.eth"));
        Assert.Equal(IdentityStatus.Known, (await AskAsync(known)).Status);
        tap.Mode = TapMode.HangUp;
        time.Advance(TimeSpan.FromSeconds(new EnsOptions().LifetimeSeconds + 1));
        Assert.Equal(IdentityStatus.Known, (await AskAsync(known)).Status);
        Assert.Equal(IdentityStatus.Unavailable, (await AskAsync(other)).Status);
        time.Advance(TimeSpan.FromSeconds(new EnsOptions().GraceSeconds));
        Assert.Equal(IdentityStatus.Unavailable, (await AskAsync(known)).Status);
        tap.Mode = TapMode.Pass;
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(IdentityStatus.Known, (await AskAsync(known)).Status);
    }

    [Fact]
    public async Task The_node_is_asked_again_during_the_grace()
    {
        var name = EnsName.Parse("m3.many.eth");
        await AskAsync(name);
        tap.Mode = TapMode.HangUp;
        time.Advance(TimeSpan.FromSeconds(new EnsOptions().LifetimeSeconds + 1));
        await AskAsync(name);
        tap.Mode = TapMode.Pass;
        time.Advance(TimeSpan.FromSeconds(3));
        var before = tap.Requests.Count;
        await AskAsync(name);
        Assert.True(tap.Requests.Count > before);
    }

    [Fact]
    public async Task No_is_remembered_for_a_shorter_time_than_yes()
    {
        var name = EnsName.Parse("late.eth");
        Assert.Equal(IdentityStatus.Unknown, (await AskAsync(name)).Status);
        await fixture.Chain.RegisterAsync(name.Text, fixture.Alice);
        Assert.Equal(IdentityStatus.Unknown, (await AskAsync(name)).Status);
        time.Advance(TimeSpan.FromSeconds(new EnsOptions().UnknownLifetimeSeconds + 1));
        Assert.Equal(IdentityStatus.Known, (await AskAsync(name)).Status);
    }

    /// <summary>A sold name: its old owner's signatures stop counting, its new owner's begin to, within the lifetime of an answer.</summary>
    [Fact]
    public async Task A_name_that_changed_hands_is_noticed_within_its_lifetime()
    {
        var name = await fixture.Chain.RegisterAsync("traded.eth", fixture.Alice);
        var (old, young) = (await Said.SignAsync(Said.Cancel(name), ChainFixture.Keys[1]), await Said.SignAsync(Said.Cancel(name), ChainFixture.Keys[2]));
        Assert.Null(await CheckAsync(name, old));
        await fixture.Chain.RegisterAsync(name.Text, fixture.Bob);
        time.Advance(TimeSpan.FromSeconds(new EnsOptions().LifetimeSeconds + 1));
        Assert.Equal(ErrorCodes.WrongSigner, (await CheckAsync(name, old))?.Code);
        Assert.Null(await CheckAsync(name, young));
    }

    [Fact]
    public async Task Whoever_starts_with_a_name_that_is_not_there_yet_hears_which_account_it_should_point_at()
    {
        using var signer = Said.SignerOf(ChainFixture.Keys[1]);
        var asked = OwnName.RequireAsync(names, EnsName.Parse("unmade.eth"), signer, TestContext.Current.CancellationToken).AsTask();
        var fault = await Assert.ThrowsAsync<SwarmPoolException>(() => WhileTimePassesAsync(asked));
        Assert.Equal(ErrorCodes.OwnNameUnknown, fault.Code);
        Assert.Contains(signer.Address.ToString(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_its_answer_lives_a_name_costs_the_node_nothing()
    {
        var name = EnsName.Parse("m4.many.eth");
        await AskAsync(name);
        var before = tap.Requests.Count;
        for (var i = 0; i < 100; i++)
        {
            await names.ResolveAsync(name, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, tap.Requests.Count);
    }

    private async Task<Refusal?> CheckAsync(EnsName name, SignedSnapshot snapshot)
    {
        await AskAsync(name);
        return (await new SignerCheck(names, SignatureEngines.Best).CheckAsync(snapshot, TestContext.Current.CancellationToken)).Refusal;
    }

    private async Task<IdentityAnswer> AskAsync(EnsName name)
    {
        var asked = names.ResolveAsync(name, TestContext.Current.CancellationToken).AsTask();
        await WhileTimePassesAsync(asked);
        return await asked;
    }

    // The directory asks off its caller's stack, so the time in which names are gathered begins a little later than the call.
    private async Task WhileTimePassesAsync(Task asked)
    {
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }

        await asked;
    }
}
