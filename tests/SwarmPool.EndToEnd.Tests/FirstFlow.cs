namespace SwarmPool.EndToEnd.Tests;

/// <summary>What each party says in the flow of a first pool, whatever carries it.</summary>
internal static class FirstFlow
{
    public static void Check(RunningProgram script)
    {
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

        // The loser of the race is told who won; one that hears of the job after that has not raced.
        if (script.Lines.Any(line => line.StartsWith(loser, StringComparison.Ordinal) && line.Contains("Claiming", StringComparison.Ordinal)))
        {
            Says(script, loser, "lost to", name);
        }
    }

    private static void Says(RunningProgram script, string party, params string[] words) => Assert.True(
        script.Lines.Any(line => line.StartsWith(party, StringComparison.Ordinal) && words.All(word => line.Contains(word, StringComparison.Ordinal))),
        $"{party} did not say [{string.Join(", ", words)}]:\n{string.Join('\n', script.Lines)}");
}
