using System.Diagnostics;
using System.Globalization;

namespace SwarmPool.Simulation.Running;

/// <summary>Schedules by command, with a line of progress now and then.</summary>
internal static class ScheduleCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(ulong first, ulong count, int processes, TextWriter output, TextWriter progress, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var next = Interval;
        var tally = await ScheduleRange.RunAsync(
            first,
            count,
            processes,
            (tally, outcome) =>
            {
                if (outcome.Problems.Count > 0)
                {
                    output.WriteLine(tally.Failed[^1]);
                }

                if (watch.Elapsed > next)
                {
                    next = watch.Elapsed + Interval;
                    progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tally.Schedules} of {count} after {watch.Elapsed.TotalSeconds:0} s, {tally.Failed.Count} failed"));
                }
            },
            cancellationToken);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tally} in {watch.Elapsed.TotalSeconds:0.0} s"));
        return tally.Failed.Count == 0 ? 0 : 1;
    }
}
