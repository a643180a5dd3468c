using System.Reflection;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using SwarmPool.Plugins;

namespace SwarmPool.Runtime.Plugins;

/// <summary>
/// Loads an entry assembly into a context of its own, with its own dependencies except <see cref="SharedContracts"/>.
/// The one file that knows the library that does it.
/// </summary>
/// <remarks>Keeps versions apart; it is no sandbox. A context lives as long as the process: a restart is the swap.</remarks>
internal static class PluginIsolation
{
    public static Assembly Load(string entryPath) =>
        PluginLoader.CreateFromAssemblyFile(entryPath, Configure).LoadDefaultAssembly();

    private static void Configure(PluginConfig config)
    {
        config.PreferSharedTypes = false;
        config.IsUnloadable = false;
        config.EnableHotReload = false;
        config.DefaultContext = AssemblyLoadContext.GetLoadContext(typeof(ISwarmPoolPlugin).Assembly) ?? AssemblyLoadContext.Default;
        foreach (var name in SharedContracts.Names)
        {
            config.SharedAssemblies.Add(new AssemblyName(name));
        }
    }
}
