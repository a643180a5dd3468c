using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Logs, before anything starts, which plugins were loaded and who fills each slot.</summary>
internal sealed class CompositionReport(
    IEnumerable<LoadedPlugin> plugins, IEnumerable<SlotFilling> slots, ILogger<SwarmPoolBuilder> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var plugin in plugins)
        {
            HostingLog.PluginLoaded(logger, plugin.Name, plugin.Version, plugin.Path);
            if (plugin.Lock is PluginLockState.NotLocked or PluginLockState.Changed)
            {
                HostingLog.NotAsLocked(logger, plugin.Name, plugin.Lock);
            }
        }

        foreach (var filling in slots)
        {
            HostingLog.SlotFilled(logger, filling.Slot, filling.FilledBy);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What composing logs: event ids 1001 to 1099.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1001, LogLevel.Information, "Plugin {Plugin} {Version} loaded from {Path}")]
    public static partial void PluginLoaded(ILogger logger, string plugin, string version, string path);

    [LoggerMessage(1002, LogLevel.Information, "The {Slot} slot is filled by {FilledBy}")]
    public static partial void SlotFilled(ILogger logger, string slot, string filledBy);

    [LoggerMessage(1003, LogLevel.Warning, "Plugin {Plugin} is not as the lock file has it ({State}); that is not strict, so it was loaded")]
    public static partial void NotAsLocked(ILogger logger, string plugin, PluginLockState state);
}
