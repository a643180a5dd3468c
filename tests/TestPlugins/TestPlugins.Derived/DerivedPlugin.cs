using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;

[assembly: SwarmPoolPlugin(typeof(TestPlugins.Derived.Outer.DerivedPlugin))]

namespace TestPlugins.Derived;

/// <summary>The entry point is nested, and is one by what it inherits.</summary>
public static class Outer
{
    public sealed class DerivedPlugin : PluginBase;
}

public abstract class PluginBase : IOwnPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section)
    {
    }
}

public interface IOwnPlugin : ISwarmPoolPlugin;
