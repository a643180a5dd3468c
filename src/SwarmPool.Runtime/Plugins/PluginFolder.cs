using Microsoft.Extensions.Configuration;

namespace SwarmPool.Runtime.Plugins;

/// <summary>A plugin that configuration names and that is there: its folder's name, its entry assembly and its own section.</summary>
internal sealed record PluginFolder(string Name, string EntryPath, IConfigurationSection Section);
