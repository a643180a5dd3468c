using System.Text.Json;
using SwarmPool.Simulation.Bugs;

namespace SwarmPool.Simulation.Running;

/// <summary>Schedules one after the other in this process, each told as a line of JSON when it is over.</summary>
internal static class WorkerCommand
{
    public static int Run(ulong first, ulong count, ulong step, Bug bug, bool untilFound, TextWriter output)
    {
        for (ulong i = 0; i < count; i++)
        {
            // The main thread only waits: the schedule runs on the thread pool's one worker.
            var outcome = Schedule.RunAsync(first + (i * step), bug).GetAwaiter().GetResult();
            output.WriteLine(JsonSerializer.Serialize(outcome));
            output.Flush();
            if (untilFound && outcome.Problems.Count > 0)
            {
                break;
            }
        }

        return 0;
    }
}
