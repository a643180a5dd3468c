using System.Text.Json;
using SwarmPool.Settlement;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>
/// A pool whose operator took a wrong settlement plugin: the epoch stays closed and unsettled, its ledger whole, until
/// another policy settles it, which everybody can see.
/// </summary>
public sealed class ReplacedPolicyTests
{
    private const string Right = "SwarmPool.Plugins.Settlement7525";
    private const string Wrong = "TestPlugins.WrongPolicy";

    [Fact]
    public async Task AnEpochThatItsPolicyCanNotSettleIsSettledByAnotherAndSaysSo()
    {
        using var folder = await PoolFolder.InitAsync(("checks__on", "false")); // What is held back is paid two epochs later, by whatever policy settles that.
        await DoneAsync(folder, "plugin", "add", System.IO.Path.Combine(RunningProgram.Repository, "artifacts", "bin", Wrong, RunningProgram.Configuration));
        var configuration = folder.Path("swarmpool.json");
        await File.WriteAllTextAsync(configuration, (await File.ReadAllTextAsync(configuration)).Replace(Right, Wrong, StringComparison.Ordinal));
        await DoneAsync(folder, "plugin", "verify");

        // One job is paid for in the first epoch.
        await using (var daemon = folder.Daemon("--json"))
        {
            await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
            await using var alice = folder.Miner("miner.alice.eth");
            await alice.SaysAsync(PoolFolder.Patience, "Registered");
            await using var client = folder.Client("submit", folder.Path("job.json"));
            Assert.True(await client.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', client.Lines));
            await StopAsync(daemon);
        }

        // The epoch's time is up. The wrong policy pays out more than there is: nothing is recorded.
        await using (var daemon = folder.DaemonWith("SWARMPOOL_epoch_duration_seconds", "1"))
        {
            await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_unsettled\"", "epoch-1", "SP3403", "100001 micro-USDC of a volume of 100000");

            // While a daemon leads, nobody else writes its journal.
            await RefusedAsync(folder, 7, "Stop the daemon", "epoch", "settle", "--policy", Right);
            await StopAsync(daemon);
        }

        await SaysAsync(folder, "epoch-1 is closed, but not settled", "status");
        await RefusedAsync(folder, 4, "epoch-1 is", "epoch", "settle", "epoch-2", "--policy", Right);
        await RefusedAsync(folder, 4, "SP3403", "epoch", "settle", "--policy", Wrong);
        using var settled = Document(await DoneAsync(folder, "epoch", "settle", "epoch-1", "--policy", Right, "--json"));
        Assert.Equal("0.025", settled.RootElement.GetProperty("operations").GetString());
        await SaysAsync(folder, "epoch-1 was settled by 75/25 1.0.0 in the place of the pool's policy", "status");

        var sealed_ = await SealedAsync(folder);
        Assert.True(sealed_.GetProperty("policy_replaced").GetBoolean());
        var payout = Assert.Single(sealed_.GetProperty("payouts").EnumerateArray());
        Assert.Equal(("miner.alice.eth", Usdc.Parse("0.075")), (payout.GetProperty("miner").GetString(), Usdc.Parse(payout.GetProperty("amount").GetString()!)));

        var cid = sealed_.GetProperty("cid").GetString()!;
        await RefusedAsync(folder, 4, "was settled by a policy that replaced the pool's own", "epoch", "audit", cid, "--policy", Right);
        using var audit = Document(await DoneAsync(folder, "epoch", "audit", cid, "--policy", Right, "--lenient", "--json"));
        Assert.True(audit.RootElement.GetProperty("right").GetBoolean());
        Assert.True(audit.RootElement.GetProperty("split_checked").GetBoolean());
        Assert.True(audit.RootElement.GetProperty("policy_replaced").GetBoolean());
        await DoneAsync(folder, "journal", "verify");
    }

    // Whatever takes more than a second says on stderr how far it is: the document is what is on stdout.
    private static JsonDocument Document(IEnumerable<string> lines) =>
        JsonDocument.Parse(string.Join('\n', lines.Where(static line => !line.StartsWith("stderr:", StringComparison.Ordinal))));

    private static async Task<JsonElement> SealedAsync(PoolFolder folder)
    {
        await using var daemon = folder.Daemon("--json");
        using var said = JsonDocument.Parse(await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_settled\"", "\"epoch-1\""));
        await StopAsync(daemon);
        return said.RootElement.Clone();
    }

    private static async Task StopAsync(RunningProgram daemon)
    {
        daemon.Interrupt();
        Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', daemon.Lines));
    }

    private static async Task<IReadOnlyList<string>> DoneAsync(PoolFolder folder, params string[] arguments)
    {
        await using var command = folder.Start("SwarmPool.Daemon", "swarmpool", [.. arguments, "--config", folder.Path("swarmpool.json")]);
        Assert.True(await command.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', command.Lines));
        return command.Lines;
    }

    private static async Task SaysAsync(PoolFolder folder, string text, params string[] arguments) =>
        Assert.Contains(await DoneAsync(folder, arguments), line => line.Contains(text, StringComparison.Ordinal));

    private static async Task RefusedAsync(PoolFolder folder, int exit, string text, params string[] arguments)
    {
        await using var command = folder.Start("SwarmPool.Daemon", "swarmpool", [.. arguments, "--config", folder.Path("swarmpool.json")]);
        Assert.Equal(exit, await command.EndsAsync(PoolFolder.Patience));
        Assert.Contains(command.Lines, line => line.Contains(text, StringComparison.Ordinal));
    }
}
