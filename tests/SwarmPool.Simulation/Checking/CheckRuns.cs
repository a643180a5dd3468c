using SwarmPool.Core.Pool;

namespace SwarmPool.Simulation.Checking;

/// <summary>Schedules of the simulation of checks.</summary>
public static class CheckRuns
{
    /// <summary>Jobs in a schedule.</summary>
    public const int Jobs = 60;

    /// <summary>Runs schedules one after the other.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <returns>What was wrong, with its seed, and the kinds of events that happened.</returns>
    public static (IReadOnlyList<string> Problems, IReadOnlySet<string> Seen) Run(ulong first, ulong count)
    {
        var (problems, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        for (var seed = first; seed < first + count; seed++)
        {
            var world = new CheckWorld(seed, PoolMachine.Decide);
            problems.AddRange(world.Run(Jobs).Select(problem => $"schedule {seed}: {problem}"));
            seen.UnionWith(world.Oracle.Seen);
        }

        return (problems, seen);
    }

    /// <summary>Plants a bug and looks for it.</summary>
    /// <param name="bug">The mistake.</param>
    /// <param name="most">In how many schedules at the most.</param>
    /// <returns>The first schedule that fails, and why; 0 when none does.</returns>
    public static (ulong Schedule, string Problem) Hunt(CheckBug bug, ulong most)
    {
        for (ulong seed = 1; seed <= most; seed++)
        {
            try
            {
                var world = new CheckWorld(seed, (state, input, facts, at) => WrongChecks.Decide(bug, state, input, facts, at));
                if (world.Run(Jobs) is [var problem, ..])
                {
                    return (seed, problem);
                }
            }
            catch (Exception e) when (e is InvalidOperationException or NullReferenceException or ArgumentException or KeyNotFoundException)
            {
                return (seed, $"the rules throw: {e.GetType().Name}: {e.Message}");
            }
        }

        return (0, "");
    }
}
