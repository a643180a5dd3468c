using System.Diagnostics;
using System.Globalization;
using SwarmPool.Simulation.Tests.Engine;

namespace SwarmPool.Simulation.Tests;

/// <remarks>
/// SWARMPOOL_SCHEDULES=N runs N schedules instead of 40, SWARMPOOL_FIRST=S begins with another seed, SWARMPOOL_SEED=S runs
/// that seed alone and prints what happened, and SWARMPOOL_FULL=1 runs 10,000.
/// </remarks>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_calm_run_ends_with_every_job_done()
    {
        using var worker = await SingleWorker.TakeAsync();
        var run = await Simulation.RunAsync(0);
        Assert.Empty(run.Problems);
        Assert.Equal(5, run.Decided); // Four, and the probe.
    }

    [Fact]
    public async Task A_seed_gives_the_same_run_byte_for_byte()
    {
        using var worker = await SingleWorker.TakeAsync();
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var first = await Simulation.RunAsync(seed);
            var second = await Simulation.RunAsync(seed);
            Assert.Equal((seed, first.Steps, first.Trace), (seed, second.Steps, second.Trace));
        }
    }

    [Fact]
    public async Task Every_schedule_ends_with_all_answered_and_all_sums_right()
    {
        using var worker = await SingleWorker.TakeAsync();
        var alone = Number("SWARMPOOL_SEED");
        var count = alone is null ? Number("SWARMPOOL_SCHEDULES") ?? (Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1" ? 10_000UL : 40UL) : 1;
        var first = alone ?? Number("SWARMPOOL_FIRST") ?? 1;
        var watch = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        var failed = new List<string>();
        var events = new SortedDictionary<string, int>(StringComparer.Ordinal);
        long steps = 0, records = 0, decided = 0;
        var time = TimeSpan.Zero;
        for (var seed = first; seed < first + count && failed.Count < 20; seed++)
        {
            var run = await Simulation.RunAsync(seed, keep: alone is null ? 0 : 3000);
            (steps, records, decided, time) = (steps + run.Steps, records + run.Records, decided + run.Decided, time + run.Virtual);
            foreach (var e in run.Events)
            {
                events[e] = events.GetValueOrDefault(e) + 1;
            }

            if (alone is not null)
            {
                output.WriteLine(string.Join('\n', run.Last));
            }

            if (run.Problems.Count > 0)
            {
                failed.Add($"seed {seed}: {run.Problems[0]}");
                output.WriteLine(failed[^1]);
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} schedules in {watch.Elapsed.TotalSeconds:0.0} s ({(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:0.0} s of processor time): {steps} steps, {records} records, {decided} jobs decided, {time.TotalHours:0.0} h of virtual time; runs in which an event occurs: {string.Join(", ", events.Select(e => $"{e.Key} {e.Value}"))}"));
        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    private static ulong? Number(string variable) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
