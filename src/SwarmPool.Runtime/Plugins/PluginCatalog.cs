using System.Reflection;

namespace SwarmPool.Runtime.Plugins;

/// <summary>
/// The plugin assemblies that are loaded, each once a path. Builders that use the same catalog share a plugin's statics,
/// e.g. an in-process message hub between a daemon and its miners.
/// </summary>
/// <remarks>Thread-safe. What was loaded stays loaded until the process ends.</remarks>
public sealed class PluginCatalog
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Assembly> loaded = new(StringComparer.Ordinal);

    /// <summary>The process's own catalog: what <c>UsePlugins()</c> uses unless told otherwise.</summary>
    public static PluginCatalog Shared { get; } = new();

    internal Assembly Load(string entryPath)
    {
        lock (gate)
        {
            if (!loaded.TryGetValue(entryPath, out var assembly))
            {
                assembly = PluginIsolation.Load(entryPath);
                loaded.Add(entryPath, assembly);
            }

            return assembly;
        }
    }
}
