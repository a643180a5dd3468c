using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Testing.App;

namespace SwarmPool.Testing.Tests.App;

/// <summary>The pool that others' tests rest on.</summary>
public sealed class TestPoolTests
{
    private static readonly JobSpec Echo = new() { JobType = "text", Model = "echo", Input = "hello"u8.ToArray(), Amount = Usdc.Parse("1"), Deadline = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task It_pays_75_to_its_miners_and_25_to_itself_epoch_by_epoch()
    {
        await using var pool = await TestPool.StartAsync(o => o.Miners = 3, TestContext.Current.CancellationToken);
        using var app = App(pool);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = app.Services.GetRequiredService<PoolClient>();

        foreach (var amount in new[] { "1", "0.333333" })
        {
            var jobs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.SubmitAsync(Echo with { Amount = Usdc.Parse(amount) }, TestContext.Current.CancellationToken)));
            var results = await Task.WhenAll(jobs.Select(static job => job.Completion));
            Assert.All(results, result => Assert.Equal(Echo.Input.ToArray(), result.Output.ToArray()));

            var epoch = await pool.EndEpochAsync(TestContext.Current.CancellationToken);
            var volume = Usdc.Parse(amount).Micro * 5;
            Assert.Equal(volume, epoch.Epoch.Settlements.TotalVolume.Micro);
            Assert.Equal(volume, epoch.Payouts.Sum(static paid => paid.Amount.Micro) + epoch.Epoch.Settlements.HiveOps.Micro);
            Assert.Equal(results.Select(static result => result.Miner).ToHashSet(), epoch.Payouts.Select(static paid => paid.Miner).ToHashSet());
        }

        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Two_beside_each_other_do_not_meet_and_have_the_same_keys()
    {
        await using var one = await TestPool.StartAsync(o => o.AddModel("which", static _ => "one"u8.ToArray()), TestContext.Current.CancellationToken);
        await using var two = await TestPool.StartAsync(o => o.AddModel("which", static _ => "two"u8.ToArray()), TestContext.Current.CancellationToken);
        using var app = App(one, two);
        await app.StartAsync(TestContext.Current.CancellationToken);

        var payees = new List<object>();
        foreach (var (key, pool) in new[] { ("0", one), ("1", two) })
        {
            var job = await app.Services.GetRequiredKeyedService<PoolClient>(key).SubmitAsync(Echo with { Model = "which", Amount = Usdc.Parse("1") }, TestContext.Current.CancellationToken);
            Assert.Equal(key == "0" ? "one"u8.ToArray() : "two"u8.ToArray(), (await job.Completion).Output.ToArray());
            payees.Add(Assert.Single((await pool.EndEpochAsync(TestContext.Current.CancellationToken)).Payouts).Address);
        }

        Assert.Equal(payees[0], payees[1]);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_model_that_throws_fails_its_job()
    {
        await using var pool = await TestPool.StartAsync(o => o.AddModel("broken", static _ => throw new InvalidOperationException("as the test wants")), TestContext.Current.CancellationToken);
        using var app = App(pool);
        await app.StartAsync(TestContext.Current.CancellationToken);

        var job = await app.Services.GetRequiredService<PoolClient>().SubmitAsync(Echo with { Model = "broken", Amount = Usdc.Parse("1") }, TestContext.Current.CancellationToken);

        Assert.Equal("max_attempts", (await Assert.ThrowsAsync<JobFailedException>(() => job.Completion)).Reason);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public Task Its_miners_are_1_to_16(int miners) => Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => TestPool.StartAsync(o => o.Miners = miners));

    // An app that is configured to something else; with several clients they are keyed "0", "1".
    private static IHost App(params TestPool[] pools)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var real = new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", "real.eth"), new("client_key_file", "none.key")]).Build();
        for (var i = 0; i < pools.Length; i++)
        {
            var key = pools.Length == 1 ? null : $"{i}";
            _ = key is null ? builder.Services.AddSwarmPoolClient(real) : builder.Services.AddSwarmPoolClient(key, real);
            pools[i].ConfigureClient(builder.Services, key);
        }

        return builder.Build();
    }
}
