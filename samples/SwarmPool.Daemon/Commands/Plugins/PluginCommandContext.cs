using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Programs.Daemon.Commands.Plugins;

/// <summary>The plugins of one configuration, as the commands work on them.</summary>
internal sealed class PluginCommandContext
{
    private readonly SwarmPoolBuilder builder;

    private PluginCommandContext(SwarmPoolBuilder builder) => this.builder = builder;

    public static PluginCommandContext Open(ProgramContext context, string? config) => new(ProgramComposition.Read(
        context, config, DaemonComposition.File, defaults: null, new Dictionary<string, string?>()));

    public PluginInventory Look() => PluginInventory.Read(builder.Configuration, builder.BaseDirectory);

    /// <summary>The lock file as it is; a strict one with nothing in it when there is none yet.</summary>
    /// <exception cref="SwarmPoolException">SP1001: the configuration names none. SP1115: it is broken.</exception>
    public static PluginLock LockOf(PluginInventory inventory)
    {
        var path = inventory.LockPath ?? throw new SwarmPoolException(
            ErrorCodes.ConfigurationInvalid,
            "The configuration names no lock file, so one would lock nothing. Add \"lock\": \"plugins.lock.json\" under \"plugins\" in it, then again.");
        return File.Exists(path) ? PluginLock.Read(path) : PluginLock.Empty(strict: true);
    }

    /// <summary>The plugin of a name.</summary>
    /// <exception cref="SwarmPoolException">SP1101: there is none.</exception>
    public static PluginReport Find(PluginInventory inventory, string name) =>
        inventory.Plugins.FirstOrDefault(plugin => string.Equals(plugin.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw new SwarmPoolException(
            ErrorCodes.PluginFolderMissing,
            $"There is no plugin {name} at hand. At hand: {string.Join(", ", inventory.Plugins.Select(plugin => plugin.Name))}.");
}
