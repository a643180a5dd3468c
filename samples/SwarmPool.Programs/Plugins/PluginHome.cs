using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Programs.Plugins;

/// <summary>Whose plugins the commands look after: those of one program's configuration.</summary>
/// <param name="Party">What the program runs: "daemon", "miner" or "client".</param>
/// <param name="Fallback">Which configuration counts without <c>--config</c>.</param>
/// <param name="LockFile">The lock file's name, as it is proposed where the configuration names none. Each program of a folder has its own.</param>
/// <param name="Read">Reads the configuration, and loads no plugin.</param>
public sealed record PluginHome(string Party, string Fallback, string LockFile, Func<ProgramContext, string?, SwarmPoolBuilder> Read)
{
    /// <summary>What is at hand.</summary>
    /// <param name="context">The program's surroundings.</param>
    /// <param name="config">What <c>--config</c> says; null when it isn't there.</param>
    public PluginInventory Look(ProgramContext context, string? config)
    {
        var builder = Read(context, config);
        return PluginInventory.Read(builder.Configuration, builder.BaseDirectory);
    }

    /// <summary>The lock file as it is; a strict one with nothing in it when there is none yet.</summary>
    /// <exception cref="SwarmPoolException">SP1001: the configuration names none. SP1115: it is broken.</exception>
    public PluginLock LockOf(PluginInventory inventory)
    {
        ArgumentNullException.ThrowIfNull(inventory);
        var path = inventory.LockPath ?? throw new SwarmPoolException(
            ErrorCodes.ConfigurationInvalid,
            $"The configuration names no lock file, so one would lock nothing. Add \"lock\": \"{LockFile}\" under \"plugins\" in it, then again.");
        return File.Exists(path) ? PluginLock.Read(path) : PluginLock.Empty(strict: true);
    }

    /// <summary>The plugin of a name.</summary>
    /// <exception cref="SwarmPoolException">SP1101: there is none.</exception>
    public static PluginReport Find(PluginInventory inventory, string name)
    {
        ArgumentNullException.ThrowIfNull(inventory);
        var names = inventory.Plugins.Select(static plugin => plugin.Name).ToList();
        return inventory.Plugins.FirstOrDefault(plugin => string.Equals(plugin.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw new SwarmPoolException(
            ErrorCodes.PluginFolderMissing,
            $"There is no plugin {name} at hand.{NearestName.Hint(name, names)} At hand: {string.Join(", ", names)}.");
    }
}
