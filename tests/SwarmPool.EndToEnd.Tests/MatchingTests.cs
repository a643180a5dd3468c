using System.Text.Json;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>Why a job waits, with the programs as they are typed: two miners, one that asks for more, and a job that neither can do.</summary>
public sealed class MatchingTests
{
    [Fact]
    public async Task A_client_is_told_with_counts_why_no_miner_takes_its_job_and_its_place()
    {
        using var folder = await PoolFolder.InitAsync();
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var alice = folder.Miner("miner.alice.eth", "--min-price", "0.5", "--json");
        await using var bob = folder.Miner("miner.bob.eth", "--json");
        await alice.SaysAsync(PoolFolder.Patience, "\"event\":\"registered\"");
        await bob.SaysAsync(PoolFolder.Patience, "\"event\":\"registered\"");

        var job = JsonElement.Parse(await File.ReadAllTextAsync(folder.Path("job.json")));
        string[] typed = ["--model", job.GetProperty("model").GetString()!, "--input", folder.Path(job.GetProperty("input").GetString()!), "--type", job.GetProperty("job_type").GetString()!];
        const string Why = "2 have the model, 0 have 8192 GiB, 1 asks more than 0.25";
        await using (var large = folder.Client("submit", [.. typed, "--amount", "0.25", "--need", "memory=8192GiB", "--timeout", "20", "--json"]))
        {
            await large.SaysAsync(PoolFolder.Patience, $"Accepted by the pool. No registered miner can do the job now, so it waits: {Why}.");
            await large.SaysAsync(PoolFolder.Patience, "Place 1 of the jobs that wait for");
            large.Interrupt();
            Assert.Equal(130, await large.EndsAsync(PoolFolder.Patience));
            var said = RunningProgram.Document(large.Lines);
            Assert.Contains(Why, said.GetProperty("waiting").GetString()!, StringComparison.Ordinal);
            Assert.Equal((2, 0, 1), (Count(said, "have"), Count(said, "memory"), Count(said, "ask_more")));
            Assert.Equal(1, said.GetProperty("queue").GetProperty("place").GetInt64());
        }

        // What asks for nothing more is done, by the one that takes so little; and who asks for less than alice does is not hers.
        await using var plain = folder.Client("submit", [.. typed, "--amount", "0.25", "--json"]);
        Assert.Equal(0, await plain.EndsAsync(PoolFolder.Patience));
        Assert.Equal("miner.bob.eth", RunningProgram.Document(plain.Lines).GetProperty("miner").GetString());

        await using var status = folder.Start("SwarmPool.Miner", "swarm-miner", "status", "--config", folder.Path("swarm-miner.json"), "--ens", "miner.alice.eth", "--json");
        Assert.Equal(0, await status.EndsAsync(PoolFolder.Patience));
        var offers = RunningProgram.Document(status.Lines).GetProperty("registration").GetProperty("offers").EnumerateArray().ToList();
        Assert.All(offers, static offer => Assert.Equal(("0.5", "cpu"), (offer.GetProperty("min_price").GetString(), offer.GetProperty("device").GetString())));

        await using var miners = folder.Start("SwarmPool.Daemon", "swarmpool", "miners", "--config", folder.Path("swarmpool.json"));
        Assert.Equal(0, await miners.EndsAsync(PoolFolder.Patience));
        Assert.Contains(miners.Lines, static line => line.Contains("from 0.5 USDC", StringComparison.Ordinal));
    }

    private static int Count(JsonElement said, string what) => said.GetProperty("match").GetProperty(what).GetInt32();
}
