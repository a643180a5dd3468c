using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SwarmPool.Simulation.Running;

/// <summary>A process of this program: one thread does all of a process's work, so more processors want more processes.</summary>
internal static class SimulationProcess
{
    /// <summary>Starts one and hands out what it tells, a line of JSON each, as it comes; ends the process when the reader leaves.</summary>
    /// <typeparam name="TItem">What a line holds.</typeparam>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="count">How many lines it has to tell.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="InvalidOperationException">The process ended by itself before its work was done.</exception>
    public static async IAsyncEnumerable<TItem> ReadAsync<TItem>(
        IEnumerable<string> arguments, ulong count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SimulationProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var told = 0UL;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                told++;
                yield return JsonSerializer.Deserialize<TItem>(line)!;
            }

            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0 || told != count)
            {
                throw new InvalidOperationException(
                    $"'{string.Join(' ', start.ArgumentList.Skip(1))}' ended with {process.ExitCode} after {told} of {count} lines: {await errors}");
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
