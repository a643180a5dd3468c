using System.Globalization;
using SwarmPool.Simulation.Tests.Bugs;
using SwarmPool.Simulation.Tests.Engine;

namespace SwarmPool.Simulation.Tests;

/// <remarks>Each bug is looked for from the first schedule on; what it took is printed. SWARMPOOL_BUG=name hunts one alone.</remarks>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong Most = 150;

    [Fact]
    public async Task Every_planted_bug_is_found()
    {
        using var worker = await SingleWorker.TakeAsync();
        var alone = Environment.GetEnvironmentVariable("SWARMPOOL_BUG");
        var missed = new List<Bug>();
        foreach (var bug in Enum.GetValues<Bug>().Where(b => b != Bug.None && (alone is null || b.ToString() == alone)))
        {
            var (seed, problem) = await HuntAsync(bug);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {bug} | {(seed == 0 ? "not found" : seed)} | {problem[..Math.Min(problem.Length, 200)]} |"));
            if (seed == 0)
            {
                missed.Add(bug);
            }
        }

        Assert.Empty(missed);
    }

    private static async Task<(ulong Seed, string Problem)> HuntAsync(Bug bug)
    {
        for (var seed = 1UL; seed <= Most; seed++)
        {
            var run = await Simulation.RunAsync(seed, bug);
            if (run.Problems.Count > 0)
            {
                return (seed, run.Problems[0].ReplaceLineEndings(" "));
            }
        }

        return (0, "");
    }
}
