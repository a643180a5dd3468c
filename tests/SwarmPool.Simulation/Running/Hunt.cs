using SwarmPool.Simulation.Bugs;

namespace SwarmPool.Simulation.Running;

/// <summary>What it took to find a planted bug.</summary>
/// <param name="Bug">The mistake.</param>
/// <param name="Schedules">How many schedules until one failed; 0 when none did.</param>
/// <param name="Problem">What was wrong in it.</param>
public sealed record Found(Bug Bug, ulong Schedules, string Problem);

/// <summary>Plants bugs, and looks for each from the first schedule on.</summary>
public static class Hunt
{
    /// <summary>Looks for all of them, several at a time.</summary>
    /// <param name="bugs">The bugs.</param>
    /// <param name="most">In how many schedules at the most.</param>
    /// <param name="processes">How many at a time; 0 for one a processor.</param>
    /// <param name="cancellationToken">Ends the processes.</param>
    /// <returns>What became of each, in the bugs' order.</returns>
    public static async Task<IReadOnlyList<Found>> RunAsync(
        IReadOnlyList<Bug> bugs, ulong most, int processes = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bugs);
        var found = new Found[bugs.Count];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = processes > 0 ? processes : Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, bugs.Count, options, async (i, cancel) => found[i] = await LookForAsync(bugs[i], most, cancel));
        return found;
    }

    private static async Task<Found> LookForAsync(Bug bug, ulong most, CancellationToken cancellationToken)
    {
        await foreach (var outcome in Worker.RunAsync(1, most, bug: bug, untilFound: true, cancellationToken: cancellationToken))
        {
            if (outcome.Problems.Count > 0)
            {
                return new Found(bug, outcome.Seed, outcome.Problems[0].ReplaceLineEndings(" "));
            }
        }

        return new Found(bug, 0, "");
    }
}
