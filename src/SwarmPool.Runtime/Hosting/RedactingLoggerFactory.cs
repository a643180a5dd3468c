using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SwarmPool.Plugins;

namespace SwarmPool.Runtime.Hosting;

/// <summary>A host's logging, without secrets: whatever a plugin or a library that it uses logs, no provider gets to see one.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RedactingLoggerFactory(ILoggerFactory inner, Redactor secrets, bool isOwn) : ILoggerFactory
{
    /// <summary>Puts itself before the factory that is registered; one that was handed in is not disposed of with it.</summary>
    public static void Guard(IServiceCollection services)
    {
        if (services.LastOrDefault(static one => one is { ServiceType: var type, IsKeyedService: false } && type == typeof(ILoggerFactory)) is not { } own)
        {
            return;
        }

        services.Remove(own);
        services.AddSingleton<ILoggerFactory>(provider => new RedactingLoggerFactory(
            (ILoggerFactory)(own.ImplementationInstance ?? own.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!)),
            provider.GetRequiredService<Redactor>(),
            own.ImplementationInstance is null));
    }

    public ILogger CreateLogger(string categoryName) => new RedactingLogger(inner.CreateLogger(categoryName), secrets);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        if (isOwn)
        {
            inner.Dispose();
        }
    }

    private sealed class RedactingLogger(ILogger inner, Redactor secrets) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel))
            {
                return;
            }

            var said = formatter(state, exception);
            var clean = secrets.Clean(said);
            var cause = exception is null ? null : secrets.Clean(exception);
            if (clean == said && ReferenceEquals(cause, exception))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
            else
            {
                inner.Log(logLevel, eventId, clean, cause, static (text, _) => text); // The values that it was made of are left out: one of them is the secret.
            }
        }
    }
}
