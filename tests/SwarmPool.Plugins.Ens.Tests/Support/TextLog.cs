using System.Text;
using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Ens.Tests.Support;

/// <summary>Keeps all that is logged, exceptions and their traces too.</summary>
internal sealed class TextLog<T> : ILogger<T>
{
    private readonly StringBuilder text = new();

    public string Text
    {
        get
        {
            lock (text)
            {
                return text.ToString();
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (text)
        {
            text.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
        }
    }
}
