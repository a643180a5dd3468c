using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using TestPlugins.Initializer;

[assembly: SwarmPoolPlugin(typeof(InitializerPlugin))]

namespace TestPlugins.Initializer;

public sealed class InitializerPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section)
    {
    }
}

internal static class Initializer
{
    /// <summary>The first code of an assembly that can run at all: it leaves a file beside it.</summary>
    [ModuleInitializer]
    internal static void Run() => File.WriteAllText(typeof(Initializer).Assembly.Location + ".ran", "");
}
