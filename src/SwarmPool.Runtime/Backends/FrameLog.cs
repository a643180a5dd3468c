using Microsoft.Extensions.Logging;

namespace SwarmPool.Runtime.Backends;

/// <summary>What is logged in a backend's process, as frames for the miner's own log: from information on, each a bounded text.</summary>
internal sealed class FrameLog(FramePipe pipe) : ILoggerProvider
{
    private const int MostCharacters = 4096;

    public ILogger CreateLogger(string categoryName) => new Logger(pipe, categoryName);

    public void Dispose()
    {
        // The pipe is not its own.
    }

    private sealed class Logger(FramePipe pipe, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var text = formatter(state, exception);
            text = text.Length <= MostCharacters ? text : text[..MostCharacters];
            try
            {
                pipe.Write(FrameKind.Log, 0, BackendJson.Write(new LogLine((int)logLevel, category, text), BackendJson.Default.LogLine));
            }
            catch (IOException)
            {
                return; // The miner is gone, and this process with it.
            }
        }
    }
}
