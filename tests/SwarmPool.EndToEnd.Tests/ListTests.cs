using System.Text.Json;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>What the journal holds and what a miner earned, listed beside the running daemon with the programs as they are typed.</summary>
public sealed class ListTests
{
    [Fact]
    public async Task Jobs_miners_epochs_and_earnings_are_listed_while_the_pool_runs()
    {
        using var folder = await PoolFolder.InitAsync(("epoch_duration_seconds", "2"), ("state_seconds", "1"));
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var alice = folder.Miner("miner.alice.eth", "--json");
        await alice.SaysAsync(PoolFolder.Patience, "\"event\":\"registered\"");
        await using (var client = folder.Client("submit", folder.Path("job.json")))
        {
            Assert.True(await client.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', client.Lines));
        }

        var earned = JsonElement.Parse(await alice.SaysAsync(PoolFolder.Patience, "\"event\":\"earned\"")).GetProperty("amount").GetString();

        var job = Assert.Single((await ListAsync(folder, "jobs", "--client", "clinic.clientswarm.eth", "--status", "decided", "--since", "2026-01-01")).GetProperty("jobs").EnumerateArray());
        Assert.Equal(("decided", "digits-16", "miner.alice.eth"), (job.GetProperty("status").GetString(), job.GetProperty("model").GetString(), job.GetProperty("miners")[0].GetString()));
        Assert.Equal(0, (await ListAsync(folder, "jobs", "--model", "no-such-model")).GetProperty("jobs").GetArrayLength());
        var miner = Assert.Single((await ListAsync(folder, "miners", "--model", "digits-16")).GetProperty("miners").EnumerateArray());
        Assert.Equal(("idle", 1L, "0.1"), (miner.GetProperty("status").GetString(), miner.GetProperty("decided").GetInt64(), miner.GetProperty("volume").GetString()));
        var epochs = (await ListAsync(folder, "epoch", "list", "--status", "sealed")).GetProperty("epochs").EnumerateArray().ToList();
        Assert.Contains(epochs, epoch => epoch.GetProperty("epoch_id").GetString() == job.GetProperty("epoch_id").GetString() && epoch.GetProperty("jobs").GetInt64() == 1);

        // The state that names the epoch is published within the second.
        using var limit = new CancellationTokenSource(PoolFolder.Patience);
        JsonElement sums;
        while ((sums = await RunAsync(folder, "SwarmPool.Miner", "swarm-miner", "earnings", "--ens", "miner.alice.eth", "--config", folder.Path("swarm-miner.json"), "--json")).GetProperty("epochs").GetInt64() == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal((earned, earned), (sums.GetProperty("total").GetString(), Assert.Single(sums.GetProperty("days").EnumerateArray()).GetProperty("amount").GetString()));
        Assert.Equal(("digits-16", earned), (sums.GetProperty("models")[0].GetProperty("model").GetString(), sums.GetProperty("models")[0].GetProperty("amount").GetString()));

        // A model that nobody offers is told with the one that was meant.
        await using var misspelt = folder.Client("submit", "--model", "digits-61", "--input", folder.Path("seven.png"), "--amount", "0.1");
        await misspelt.SaysAsync(PoolFolder.Patience, "No miner offers digits-61. Did you mean digits-16?");
        misspelt.Interrupt();
        Assert.Equal(130, await misspelt.EndsAsync(PoolFolder.Patience));
    }

    private static Task<JsonElement> ListAsync(PoolFolder folder, params string[] arguments) =>
        RunAsync(folder, "SwarmPool.Daemon", "swarmpool", [.. arguments, "--config", folder.Path("swarmpool.json"), "--json"]);

    private static async Task<JsonElement> RunAsync(PoolFolder folder, string project, string assembly, params string[] arguments)
    {
        await using var program = folder.Start(project, assembly, arguments);
        var code = await program.EndsAsync(PoolFolder.Patience);
        Assert.True(code == 0, string.Join('\n', program.Lines));
        return RunningProgram.Document(program.Lines);
    }
}
