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
        FirstFlow.Check(script);
    }
}
