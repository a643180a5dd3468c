using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Ens;

[assembly: SwarmPoolPlugin(typeof(EnsPlugin))]

namespace SwarmPool.Plugins.Ens;

/// <summary>The plugin's entry point: what its section says, by <see cref="EnsBuilderExtensions.UseEns(ISwarmPoolBuilder, IConfigurationSection)"/>.</summary>
public sealed class EnsPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseEns(section);
}
