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
