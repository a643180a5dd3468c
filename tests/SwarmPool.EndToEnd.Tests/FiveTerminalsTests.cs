namespace SwarmPool.EndToEnd.Tests;

/// <summary>The flow of the first sketch in processes of their own: a daemon, two miners, a client, and a look at the state.</summary>
public sealed class FiveTerminalsTests
{
    [Fact]
    public async Task TwoMinersRaceOneAnswersAndEachPartySaysWhatHappened()
    {
        using var folder = await PoolFolder.InitAsync(("state_seconds", "1"));
        await using var daemon = folder.Daemon();
        await daemon.SaysAsync(PoolFolder.Patience, "swarmpool.eth");
        await using var alice = folder.Miner("miner.alice.eth");
        await using var bob = folder.Miner("miner.bob.eth", "--mode", "PPS");
        await alice.SaysAsync(PoolFolder.Patience, "Registered");
        await bob.SaysAsync(PoolFolder.Patience, "Registered");
        await daemon.SaysAsync(PoolFolder.Patience, "miner.bob.eth", "PPS");

        await using var client = folder.Client("submit", folder.Path("job.json"), "--output", folder.Path("answer.json"));
        Assert.True(await client.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', client.Lines));

        await client.SaysAsync(PoolFolder.Patience, "JOB COMPLETE");
        Assert.Contains("\"label\":", await File.ReadAllTextAsync(folder.Path("answer.json")), StringComparison.Ordinal);
        await daemon.SaysAsync(PoolFolder.Patience, "NEW JOB");
        await daemon.SaysAsync(PoolFolder.Patience, "CLAIM", "miner.");
        await daemon.SaysAsync(PoolFolder.Patience, "PROOF", "miner.");

        var (winner, loser, name) = alice.Lines.Any(line => line.Contains("Claim accepted", StringComparison.Ordinal))
            ? (alice, bob, "miner.alice.eth")
            : (bob, alice, "miner.bob.eth");
        await winner.SaysAsync(PoolFolder.Patience, "NEW JOB");
        await winner.SaysAsync(PoolFolder.Patience, "Claim accepted");
        await winner.SaysAsync(PoolFolder.Patience, "Proof accepted");
        await loser.SaysAsync(PoolFolder.Patience, name); // The loser is told who won.

        await using var status = folder.Start("SwarmPool.Daemon", "swarmpool", "status", "--config", folder.Path("swarmpool.json"));
        Assert.Equal(0, await status.EndsAsync(PoolFolder.Patience));
        Assert.Contains(status.Lines, line => line.Contains("epoch-1", StringComparison.Ordinal));

        foreach (var party in new[] { alice, bob, daemon })
        {
            party.Interrupt();
            Assert.True(await party.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', party.Lines)); // Ctrl-C drains.
        }
    }
}
