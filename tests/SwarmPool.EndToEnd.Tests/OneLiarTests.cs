using System.Globalization;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>Two honest miners and a shell script that answers "0" to every picture, in processes of their own, by the script that a user runs.</summary>
public sealed class OneLiarTests
{
    private static readonly int Jobs = Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1" ? 200 : 12;

    [Fact]
    public async Task TheLiarEndsUnpaidEveryPictureIsAnsweredRightlyAndTheEpochsAudit()
    {
        await using var script = RunningProgram.StartFile(
            "bash",
            RunningProgram.Repository,
            new Dictionary<string, string>
            {
                ["SWARMPOOL_PORT"] = PoolFolder.FreePort().ToString(CultureInfo.InvariantCulture),
                ["SWARMPOOL_CONFIGURATION"] = RunningProgram.Configuration,
                ["SWARMPOOL_JOBS"] = Jobs.ToString(CultureInfo.InvariantCulture),
            },
            Path.Combine(RunningProgram.Repository, "samples", "one-liar.sh"),
            "--no-build");
        Assert.True(await script.EndsAsync(TimeSpan.FromSeconds(180 + Jobs)) == 0, string.Join('\n', script.Lines));
        Assert.Contains($"pictures: {Jobs}, answered rightly: {Jobs}", script.Lines);
        Assert.Contains("epochs that paid mallory: 0", script.Lines);
        Assert.Contains(script.Lines, static line => line.StartsWith("epochs that paid alice or bob: ", StringComparison.Ordinal) && !line.EndsWith(": 0", StringComparison.Ordinal));
        Assert.Contains(script.Lines, static line => line.StartsWith("audit of ", StringComparison.Ordinal) && line.EndsWith("true", StringComparison.Ordinal));
    }
}
