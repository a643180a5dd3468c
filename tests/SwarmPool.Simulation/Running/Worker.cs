using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SwarmPool.Simulation.Bugs;

namespace SwarmPool.Simulation.Running;

/// <summary>A process of this program that runs schedules: one thread does all of a process's work, so more processors want more processes.</summary>
public static class Worker
{
    /// <summary>Starts one and hands out each schedule's outcome as it comes; ends the process when the reader leaves.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many schedules.</param>
    /// <param name="step">From one seed to the next.</param>
    /// <param name="bug">A mistake to put in on purpose.</param>
    /// <param name="untilFound">Whether the first schedule that fails is the last.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="InvalidOperationException">The process ended by itself before its work was done.</exception>
    public static async IAsyncEnumerable<Outcome> RunAsync(
        ulong first, ulong count, ulong step = 1, Bug bug = Bug.None, bool untilFound = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[typeof(Worker).Assembly.Location, "worker", "--first", $"{first}", "--count", $"{count}", "--step", $"{step}", "--bug", $"{bug}", .. untilFound ? ["--until-found"] : Array.Empty<string>()])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var told = 0UL;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                var outcome = JsonSerializer.Deserialize<Outcome>(line)!;
                told = untilFound && outcome.Problems.Count > 0 ? count : told + 1;
                yield return outcome;
            }

            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0 || told != count)
            {
                throw new InvalidOperationException($"The worker from seed {first} ended with {process.ExitCode} after {told} of {count} schedules: {await errors}");
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
