namespace SwarmPool.Simulation.Running;

/// <summary>A process that runs schedules one after the other.</summary>
public static class Worker
{
    /// <summary>Starts one and hands out each schedule's outcome as it comes; ends the process when the reader leaves.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many schedules.</param>
    /// <param name="step">From one seed to the next.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="InvalidOperationException">The process ended by itself before its work was done.</exception>
    public static IAsyncEnumerable<Outcome> RunAsync(ulong first, ulong count, ulong step = 1, CancellationToken cancellationToken = default) =>
        SimulationProcess.ReadAsync<Outcome>(["worker", "--first", $"{first}", "--count", $"{count}", "--step", $"{step}"], count, cancellationToken);
}
