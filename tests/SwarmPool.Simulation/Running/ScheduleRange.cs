namespace SwarmPool.Simulation.Running;

/// <summary>Many schedules, shared out to processes.</summary>
public static class ScheduleRange
{
    /// <summary>Runs seeds from <paramref name="first"/> on; each process takes every n-th.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="processes">How many processes; 0 for one a processor.</param>
    /// <param name="told">Hears of each schedule as it ends, one call at a time; may be null.</param>
    /// <param name="cancellationToken">Ends the processes.</param>
    public static async Task<Tally> RunAsync(
        ulong first, ulong count, int processes = 0, Action<Tally, Outcome>? told = null, CancellationToken cancellationToken = default)
    {
        var shares = (ulong)(processes > 0 ? processes : Environment.ProcessorCount);
        var tally = new Tally();
        var gate = new Lock();
        async Task ShareAsync(ulong share)
        {
            var mine = ((count - share - 1) / shares) + 1;
            await foreach (var outcome in Worker.RunAsync(first + share, mine, shares, cancellationToken: cancellationToken))
            {
                lock (gate)
                {
                    tally.Add(outcome);
                    told?.Invoke(tally, outcome);
                }
            }
        }

        var all = new List<Task>();
        for (ulong share = 0; share < Math.Min(shares, count); share++)
        {
            all.Add(ShareAsync(share));
        }

        await Task.WhenAll(all);
        return tally;
    }
}
