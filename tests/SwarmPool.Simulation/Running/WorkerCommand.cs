using System.Text.Json;

namespace SwarmPool.Simulation.Running;

/// <summary>Schedules one after the other in this process, each told as a line of JSON when it is over.</summary>
internal static class WorkerCommand
{
    public static int Run(ulong first, ulong count, ulong step, TextWriter output)
    {
        for (ulong i = 0; i < count; i++)
        {
            // The main thread only waits: the schedule runs on the thread pool's one worker.
            var outcome = Schedule.RunAsync(first + (i * step)).GetAwaiter().GetResult();
            output.WriteLine(JsonSerializer.Serialize(outcome));
            output.Flush();
        }

        return 0;
    }
}
