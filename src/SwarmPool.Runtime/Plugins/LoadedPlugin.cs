using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Runtime.Plugins;

/// <summary>A plugin that was loaded and has registered itself; one a plugin is registered as a service, for <c>status</c> and logs.</summary>
/// <param name="Name">The plugin's folder name, e.g. "SwarmPool.Plugins.Embedded".</param>
/// <param name="Version">Its assembly's informational version, e.g. "0.1.0".</param>
/// <param name="Path">Its assembly's full path.</param>
/// <param name="Lock">How it stood to the lock file when it was loaded.</param>
public sealed record LoadedPlugin(string Name, string Version, string Path, PluginLockState Lock = PluginLockState.NoLockFile);
