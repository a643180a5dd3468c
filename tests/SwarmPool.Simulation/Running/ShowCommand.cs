using SwarmPool.Simulation.Bugs;

namespace SwarmPool.Simulation.Running;

/// <summary>One schedule, for whoever wants to read what happened in it.</summary>
internal static class ShowCommand
{
    public static int Run(ulong seed, Bug bug, int lines, TextWriter output)
    {
        var outcome = Schedule.RunAsync(seed, bug, lines > 0 ? lines : 100_000).GetAwaiter().GetResult();
        foreach (var line in outcome.Last)
        {
            output.WriteLine(line);
        }

        foreach (var problem in outcome.Problems)
        {
            output.WriteLine("PROBLEM " + problem);
        }

        output.WriteLine($"seed {seed}: {outcome.Steps} steps, {outcome.Records} records, {outcome.Decided} jobs decided, {outcome.VirtualSeconds:0} s of virtual time, trace {outcome.Trace}");
        return outcome.Problems.Count == 0 ? 0 : 1;
    }
}
