using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins;

/// <summary>A plugin's entry point. It has a public constructor without parameters.</summary>
/// <remarks>Called once, on one thread, before the host is built. It only registers: no I/O, no background work.</remarks>
public interface ISwarmPoolPlugin
{
    /// <summary>
    /// Registers what the plugin fills by calling the same extension method (<c>builder.UseX(...)</c>) that code would.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The plugin's own section of the configuration; may be empty.</param>
    void Configure(ISwarmPoolBuilder builder, IConfigurationSection section);
}

/// <summary>Names a plugin assembly's entry point.</summary>
/// <param name="pluginType">A public class that implements <see cref="ISwarmPoolPlugin"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SwarmPoolPluginAttribute(Type pluginType) : Attribute
{
    /// <summary>The entry point.</summary>
    public Type PluginType { get; } = pluginType;
}
