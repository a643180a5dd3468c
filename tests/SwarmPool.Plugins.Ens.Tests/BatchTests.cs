using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;

namespace SwarmPool.Plugins.Ens.Tests;

public sealed class BatchTests(ChainFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A daemon has looked up its own name when its miners come.</summary>
    [Theory]
    [InlineData(EnsLookup.Registry, 2)]
    [InlineData(EnsLookup.Universal, 1)]
    public async Task A_thousand_miners_at_once_cost_the_node_two_requests_for_each_batch_of_them(EnsLookup lookup, int rounds)
    {
        const int Miners = 1000;
        var time = new FakeTimeProvider();
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var identity = fixture.Identity(options => options.Lookup = lookup, time, tap.Url);
        await AskAsync(identity, time, [EnsName.Parse("pool.many.eth")]);
        var before = tap.Requests.Count;
        var answers = await AskAsync(identity, time, [.. Enumerable.Range(0, Miners).Select(static i => EnsName.Parse($"m{i}.many.eth"))]);
        Assert.All(answers, static answer => Assert.Equal(IdentityStatus.Known, answer.Status));
        Assert.Equal(Miners, answers.Select(static answer => answer.Accounts.Single()).Distinct().Count());
        Assert.Equal(rounds * Miners / new EnsOptions().NamesPerRequest, tap.Requests.Count - before);
    }

    [Fact]
    public async Task A_name_that_many_ask_for_is_asked_for_once()
    {
        var time = new FakeTimeProvider();
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var identity = fixture.Identity(null, time, tap.Url);
        var name = EnsName.Parse("m1.many.eth");
        await AskAsync(identity, time, [.. Enumerable.Repeat(name, 100)]);
        Assert.Equal(3, tap.Requests.Count); // The newest block, the resolver, its records.
    }

    /// <summary>One whose caller gives up keeps the others waiting no longer and no shorter.</summary>
    [Fact]
    public async Task Whoever_gives_up_does_so_alone()
    {
        var time = new FakeTimeProvider();
        var identity = fixture.Identity(null, time);
        using var impatient = new CancellationTokenSource();
        var name = EnsName.Parse("m1.many.eth");
        var (first, second) = (identity.ResolveAsync(name, impatient.Token).AsTask(), identity.ResolveAsync(name, Cancel).AsTask());
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(IdentityStatus.Known, (await second).Status);
    }

    /// <summary>Names have parents in common: a batch asks for each of them once.</summary>
    [Fact]
    public async Task What_names_have_in_common_is_asked_for_once()
    {
        var time = new FakeTimeProvider();
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        await AskAsync(fixture.Identity(null, time, tap.Url), time, [.. Enumerable.Range(0, 20).Select(static i => EnsName.Parse($"m{i}.many.eth"))]);
        var walk = JsonElement.Parse(tap.Requests.ElementAt(1));
        Assert.Equal(20 + 2 + 1, walk.GetArrayLength()); // Twenty names, many.eth, eth; the newest block's number.
    }

    private static async Task<IdentityAnswer[]> AskAsync(EnsIdentity identity, FakeTimeProvider time, EnsName[] names)
    {
        var asked = names.Select(name => identity.ResolveAsync(name, Cancel).AsTask()).ToArray();
        time.Advance(TimeSpan.FromMilliseconds(10));
        return await Task.WhenAll(asked);
    }
}
