using SwarmPool.Plugins;
using TestPlugins.WrongEntry;

[assembly: SwarmPoolPlugin(typeof(WrongEntryPlugin))]

namespace TestPlugins.WrongEntry;

/// <summary>Is named as an entry point, and is none.</summary>
public sealed class WrongEntryPlugin;
