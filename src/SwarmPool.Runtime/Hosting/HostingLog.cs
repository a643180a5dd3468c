using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Hosting;

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
