using System.Globalization;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The flow of the first sketch in processes of their own, by the script that a user runs.</summary>
public sealed class FiveTerminalsTests
{
    [Fact]
    public async Task TwoMinersRaceOneAnswersAndEachPartySaysWhatHappened()
    {
        await using var script = RunningProgram.StartFile(
            "bash",
            RunningProgram.Repository,
            new Dictionary<string, string>
            {
                ["SWARMPOOL_PORT"] = PoolFolder.FreePort().ToString(CultureInfo.InvariantCulture),
                ["SWARMPOOL_CONFIGURATION"] = RunningProgram.Configuration,
            },
            Path.Combine(RunningProgram.Repository, "samples", "five-terminals.sh"),
            "--no-build");
        Assert.True(await script.EndsAsync(TimeSpan.FromSeconds(90)) == 0, string.Join('\n', script.Lines));

        Says(script, "pool", "NEW JOB", "clinic.clientswarm.eth");
        Says(script, "pool", "CLAIM", "miner.");
        Says(script, "pool", "PROOF", "miner.");
        Says(script, "client", "JOB COMPLETE");
        Says(script, "client", "\"label\":\"7\"");
        Says(script, "status", "epoch-1");

        var (winner, loser, name) = script.Lines.Any(line => line.StartsWith("alice", StringComparison.Ordinal) && line.Contains("Claim accepted", StringComparison.Ordinal))
            ? ("alice", "bob", "miner.alice.eth")
            : ("bob", "alice", "miner.bob.eth");
        foreach (var said in new[] { "NEW JOB", "Claiming", "Claim accepted", "Proof submitted", "Proof accepted" })
        {
            Says(script, winner, said);
        }

        Says(script, loser, "lost to", name); // The loser of the race is told who won.
    }

    private static void Says(RunningProgram script, string party, params string[] words) => Assert.True(
        script.Lines.Any(line => line.StartsWith(party, StringComparison.Ordinal) && words.All(word => line.Contains(word, StringComparison.Ordinal))),
        $"{party} did not say [{string.Join(", ", words)}]:\n{string.Join('\n', script.Lines)}");
}
