using System.Diagnostics;
using System.Globalization;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A leader over IPFS dies, and its node with it, which alone holds the state that it published last.</summary>
[Trait("Needs", "ipfs")]
public sealed class IpfsTakeOverTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_standby_on_another_node_leads_when_the_leader_and_its_node_are_gone()
    {
        await using var pool = await IpfsPool.InitAsync("pool", "second", "client");
        await using var leader = pool.Standby("pool");
        await leader.SaysAsync(IpfsPool.Patience, "\"event\":\"started\"");
        await using var standby = pool.Standby("second");
        await standby.SaysAsync(IpfsPool.Patience, "\"event\":\"standing_by\"");
        await using var client = pool.Submit();
        await leader.SaysAsync(IpfsPool.Patience, "\"event\":\"state_published\"", "\"pending_count\":1");

        await Task.WhenAll(leader.KillAsync(), pool["pool"].KillAsync());
        var watch = Stopwatch.StartNew();
        await standby.SaysAsync(IpfsPool.Patience, "\"event\":\"started\"");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"led after {watch.Elapsed.TotalSeconds:0.0} s"));
        await standby.SaysAsync(IpfsPool.Patience, "\"event\":\"state_published\"", "\"term\":2", "\"pending_count\":1");
    }
}
