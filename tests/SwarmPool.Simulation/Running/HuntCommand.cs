using SwarmPool.Simulation.Bugs;

namespace SwarmPool.Simulation.Running;

/// <summary>The hunt by command: a table as docs/reliability.md holds it.</summary>
internal static class HuntCommand
{
    private const int Width = 110;

    public static async Task<int> RunAsync(ulong most, Bug one, int processes, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<Bug> bugs = one == Bug.None ? [.. Enum.GetValues<Bug>().Where(b => b != Bug.None)] : [one];
        var found = await Hunt.RunAsync(bugs, most, processes, cancellationToken);
        output.WriteLine("| bug | schedules | what told it |");
        output.WriteLine("|---|---|---|");
        foreach (var (bug, schedules, problem) in found)
        {
            var told = problem.Length <= Width ? problem : problem[..Width] + "…";
            output.WriteLine($"| `{bug}` | {(schedules == 0 ? $"not found in {most}" : schedules)} | {told} |");
        }

        return found.All(f => f.Schedules > 0) ? 0 : 1;
    }
}
