using SwarmPool.Simulation.Tests.Bugs;
using SwarmPool.Simulation.Tests.Engine;

namespace SwarmPool.Simulation.Tests;

public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong Most = 60;

    [Fact]
    public async Task Every_planted_bug_is_found()
    {
        using var worker = await SingleWorker.TakeAsync();
        var missed = new List<Bug>();
        foreach (var bug in Enum.GetValues<Bug>().Where(b => b != Bug.None))
        {
            var (schedules, problem) = await HuntAsync(bug);
            output.WriteLine($"| {bug} | {(schedules == 0 ? "not found" : schedules)} | {problem[..Math.Min(problem.Length, 160)]} |");
            if (schedules == 0)
            {
                missed.Add(bug);
            }
        }

        Assert.Empty(missed);
    }

    private static async Task<(ulong Schedules, string Problem)> HuntAsync(Bug bug)
    {
        for (ulong seed = 1; seed <= Most; seed++)
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
