using Microsoft.Extensions.Configuration;
using PropSettlement;
using SwarmPool.Plugins;

[assembly: SwarmPoolPlugin(typeof(PropPlugin))]

namespace PropSettlement;

/// <summary>The entry point of the plugin folder: fills the settlement policy slot with PROP.</summary>
public sealed class PropPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseProp(section);
}
