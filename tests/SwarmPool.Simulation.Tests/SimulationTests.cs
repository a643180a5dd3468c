using System.Diagnostics;
using SwarmPool.Simulation.Tests.Engine;

namespace SwarmPool.Simulation.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_calm_run_ends_with_every_job_done()
    {
        using var worker = await SingleWorker.TakeAsync();
        var watch = Stopwatch.StartNew();
        var run = await Simulation.RunAsync(0, keep: 400);
        output.WriteLine($"{watch.ElapsedMilliseconds} ms, {run.Steps} steps, {run.Virtual}, {run.Records} records, {run.Decided} decided");
        Assert.True(run.Problems.Count == 0, string.Join("\n", [.. run.Last, .. run.Problems]));
        Assert.Equal(4, run.Decided);
    }
}
