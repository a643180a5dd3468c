using System.Globalization;
using SwarmPool.Simulation.Tests.Bugs;
using SwarmPool.Simulation.Tests.Engine;

namespace SwarmPool.Simulation.Tests;

/// <remarks>Each bug is looked for from a schedule on that found it; with SWARMPOOL_FULL=1 from the first on, which gives the table of docs/reliability.md. SWARMPOOL_BUG=name hunts one alone, from the first on.</remarks>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong Most = 60;

    // Where a hunt from seed 1 found it.
    private static readonly Dictionary<Bug, ulong> Known = new()
    {
        [Bug.P15_ProofWhileSealingIsNotDecided] = 17,
        [Bug.P16_SealingAgainSignsAnother] = 17,
        [Bug.P17_LateProofThrows] = 13,
        [Bug.P17_LateProofIsTaken] = 43,
        [Bug.P20_NoCoolDown] = 4,
        [Bug.P20_NoClaimCap] = 13,
        [Bug.P21_NoRenewal] = 14,
        [Bug.P10_EndedJobIsAcceptedAgain] = 18,
    };

    [Fact]
    public async Task Every_planted_bug_is_found()
    {
        using var worker = await SingleWorker.TakeAsync();
        var isFull = Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1";
        var alone = Environment.GetEnvironmentVariable("SWARMPOOL_BUG");
        isFull |= alone is not null;
        var missed = new List<Bug>();
        foreach (var bug in Enum.GetValues<Bug>().Where(b => b != Bug.None && (alone is null || b.ToString() == alone)))
        {
            var first = isFull ? 1 : Known.GetValueOrDefault(bug, 1UL);
            var (seed, problem) = await HuntAsync(bug, first);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {bug} | {(seed == 0 ? "not found" : seed - first + 1)} | {seed} | {problem[..Math.Min(problem.Length, 200)]} |"));
            if (seed == 0)
            {
                missed.Add(bug);
            }
        }

        Assert.Empty(missed);
    }

    private static async Task<(ulong Seed, string Problem)> HuntAsync(Bug bug, ulong first)
    {
        for (var seed = first; seed < first + Most; seed++)
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
