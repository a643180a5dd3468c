using Microsoft.Extensions.Logging;
using SwarmPool.Simulation.Engine;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Parties;

/// <summary>Hears what a role logs: why it stops, and what no role should ever have to say.</summary>
internal sealed class SimLog(Pump pump, Trace trace, string party) : ILoggerProvider, ILogger
{
    private const int DaemonStops = 3003;

    /// <summary>Handling a message failed; an item can't be said; a miner or client stops, or a job's drive failed.</summary>
    private static readonly int[] Never = [3009, 3012, 4012, 4104, 4105, 4010];

    public Exception? Fault { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        trace.Note($"{party} log {eventId.Id} {formatter(state, exception)}");
        if (eventId.Id == DaemonStops)
        {
            Fault = exception;
        }
        else if (Never.Contains(eventId.Id) && exception is not (TransportException or JournalException))
        {
            pump.Problem($"{party}: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
