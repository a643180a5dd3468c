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
    /// <summary>Looks for all of them, in several processes; each takes one bug after the other, so that what they share is compiled once.</summary>
    /// <param name="bugs">The bugs.</param>
    /// <param name="most">In how many schedules at the most.</param>
    /// <param name="processes">How many processes; 0 for one a processor.</param>
    /// <param name="cancellationToken">Ends the processes.</param>
    /// <returns>What became of each, in the bugs' order.</returns>
    public static async Task<IReadOnlyList<Found>> RunAsync(
        IReadOnlyList<Bug> bugs, ulong most, int processes = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bugs);
        var shares = Math.Min(processes > 0 ? processes : Environment.ProcessorCount, bugs.Count);
        var found = await Task.WhenAll(Enumerable.Range(0, shares).Select(async share =>
        {
            List<Bug> mine = [.. bugs.Where((_, i) => i % shares == share)];
            string[] planted = [.. mine.SelectMany(static bug => (string[])["--bug", $"{bug}"])];
            return await SimulationProcess.ReadAsync<Found>(["hunter", "--most", $"{most}", .. planted], (ulong)mine.Count, cancellationToken).ToListAsync(cancellationToken);
        }));
        return [.. bugs.Select(bug => found.SelectMany(static share => share).Single(one => one.Bug == bug))];
    }
}
