using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Onnx.Tests;

internal sealed class CollectedLogs : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public ConcurrentQueue<string> Warnings { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        Lines.Enqueue(line);
        if (logLevel >= LogLevel.Warning)
        {
            Warnings.Enqueue(line);
        }
    }

    public void Dispose()
    {
    }
}
