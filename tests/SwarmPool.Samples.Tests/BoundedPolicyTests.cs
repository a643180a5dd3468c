using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Samples.Tests;

/// <summary>A daemon whose policy would take it down: it stays up and says what it was, the status is true, and the epoch is sealed once the policy is mended.</summary>
public sealed class BoundedPolicyTests
{
    private const string Plugin = "TestPlugins.WrongPolicy";
    private const string Setting = $"SWARMPOOL_plugins__use__{Plugin}__wrong";

    [Fact]
    public async Task A_daemon_outlives_its_policy_and_nothing_of_the_epoch_is_lost()
    {
        using var folder = await PoolFolder.InitAsync(("policy_seconds", "2"), ("checks__on", "false"));
        await SamplePool.SettleByAsync(folder, Plugin, new JsonObject { ["wrong"] = "right" });
        await using (var daemon = folder.Daemon("--json"))
        {
            await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
            await using var alice = folder.Miner("miner.alice.eth");
            await using var client = folder.Client("submit", folder.Path("job.json"));
            Assert.True(await client.EndsAsync(PoolFolder.Patience) == ExitCodes.Ok, string.Join('\n', client.Lines));
            await StopAsync(daemon);
        }

        foreach (var (wrong, code, said) in new[]
        {
            ("loops", "SP3402", "did not return within 2 s"),
            ("allocates", "SP3410", "took more than 256 MiB of memory"),
            ("recurses", "SP3411", "by a stack overflow"),
            ("exits", "SP3411", "with exit code 7"),
        })
        {
            // The epoch's time is up at once.
            await using var daemon = RunningDaemon(folder, wrong);
            await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_unsettled\"", "epoch-1", code, said);
            await using (var status = folder.Start("SwarmPool.Daemon", "swarmpool", "status"))
            {
                Assert.Equal(ExitCodes.Ok, await status.EndsAsync(PoolFolder.Patience));
                await status.SaysAsync(PoolFolder.Patience, "epoch-1 is closed, but not settled: 1 job, 0.1 USDC.", $"{code} by {Plugin}");
            }

            Assert.False(daemon.HasEnded);
            await StopAsync(daemon);
        }

        await using var mended = RunningDaemon(folder, "right");
        var epoch = JsonNode.Parse(await mended.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_settled\"", "\"epoch-1\""))!;
        Assert.Equal(("0.1", "1"), (epoch["hive_ops"]!.GetValue<string>(), epoch["jobs_count"]!.ToString()));
        await StopAsync(mended);
    }

    private static RunningProgram RunningDaemon(PoolFolder folder, string wrong) => folder.In(
        $"exec env '{Setting}={wrong}' SWARMPOOL_epoch_duration_seconds=1 \"$@\"", "SwarmPool.Daemon", "swarmpool", "run", "--config", folder.Path("swarmpool.json"), "--json");

    private static async Task StopAsync(RunningProgram daemon)
    {
        daemon.Interrupt();
        Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', daemon.Lines));
    }
}
