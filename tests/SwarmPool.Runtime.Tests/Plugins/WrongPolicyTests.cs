using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Settlement;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Tests.Plugins;

/// <summary>A settlement plugin from its folder, in each way to be wrong: refused by name, and only what it did itself is its fault.</summary>
public sealed class WrongPolicyTests
{
    [Theory]
    [InlineData("sum", "SP3403", 0)]
    [InlineData("negative", "SP3401", 1)]
    [InlineData("stranger", "SP3404", 0)]
    [InlineData("unstable", "SP3405", 0)]
    [InlineData("throws", "SP3401", 1)]
    public async Task Each_way_to_be_wrong_is_refused(string wrong, string code, int faults)
    {
        using var host = PluginHost.Composed($$"""{ "plugins": { "use": { "TestPlugins.WrongPolicy": { "wrong": "{{wrong}}" } } } }""");
        using var count = new FaultCount(host);

        var verdict = await SettleAsync(host.Services, TimeSpan.FromMinutes(1));

        Assert.Equal(code, verdict.Refusal?.Code);
        Assert.Equal(Enumerable.Repeat("TestPlugins.WrongPolicy, settlement policy, threw", faults), count.Faults);
    }

    [Fact]
    public async Task One_that_hangs_is_left_behind_and_counted()
    {
        using var host = PluginHost.Composed("""{ "plugins": { "use": { "TestPlugins.WrongPolicy": { "wrong": "hangs" } } } }""");
        using var count = new FaultCount(host);

        var verdict = await SettleAsync(host.Services, TimeSpan.FromMilliseconds(50));

        Assert.Equal("SP3402", verdict.Refusal?.Code);
        Assert.Equal(["TestPlugins.WrongPolicy, settlement policy, hangs"], count.Faults);
    }

    private static Task<SettlementVerdict> SettleAsync(IServiceProvider services, TimeSpan limit) => PolicySettlement.SettleAsync(
        services.GetRequiredService<ISettlementPolicy>(), Ledgers.Of(("alice", 3), ("bob", 4)), "", limit, TimeProvider.System, TaskScheduler.Default, TestContext.Current.CancellationToken);
}
