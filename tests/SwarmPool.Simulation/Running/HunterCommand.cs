using System.Text.Json;
using SwarmPool.Simulation.Bugs;

namespace SwarmPool.Simulation.Running;

/// <summary>Looks for bugs one after the other in this process; what it took to find each is told as a line of JSON.</summary>
internal static class HunterCommand
{
    public static int Run(ulong most, IEnumerable<Bug> bugs, TextWriter output)
    {
        foreach (var bug in bugs)
        {
            output.WriteLine(JsonSerializer.Serialize(LookFor(bug, most)));
            output.Flush();
        }

        return 0;
    }

    private static Found LookFor(Bug bug, ulong most)
    {
        for (ulong seed = 1; seed <= most; seed++)
        {
            var outcome = Schedule.RunAsync(seed, bug).GetAwaiter().GetResult();
            if (outcome.Problems.Count > 0)
            {
                return new Found(bug, seed, outcome.Problems[0].ReplaceLineEndings(" "));
            }
        }

        return new Found(bug, 0, "");
    }
}
