using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Embedded;

[assembly: SwarmPoolPlugin(typeof(EmbeddedPlugin))]

namespace SwarmPool.Plugins.Embedded;

/// <summary>The plugin's entry point: what its section says, by <see cref="EmbeddedBuilderExtensions.UseEmbedded"/>.</summary>
public sealed class EmbeddedPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseEmbedded(section);
}
