namespace SwarmPool.Simulation.Checking;

/// <summary>The simulation of checks by command.</summary>
internal static class CheckCommand
{
    public static int Run(ulong first, ulong count, CheckBug bug, TextWriter output)
    {
        if (bug != CheckBug.None)
        {
            var (schedule, problem) = CheckRuns.Hunt(bug, count);
            output.WriteLine($"{bug}: {(schedule == 0 ? $"not found in {count}" : $"schedule {schedule}, {problem}")}");
            return schedule == 0 ? 1 : 0;
        }

        var (problems, seen) = CheckRuns.Run(first, count);
        foreach (var problem in problems)
        {
            output.WriteLine(problem);
        }

        output.WriteLine($"{count} schedules, {problems.Count} problems; events: {string.Join(", ", seen.Order(StringComparer.Ordinal))}");
        return problems.Count == 0 ? 0 : 1;
    }
}
