using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Settlement7525;

[assembly: SwarmPoolPlugin(typeof(Settlement7525Plugin))]

namespace SwarmPool.Plugins.Settlement7525;

/// <summary>The entry point of the plugin folder: fills the settlement policy slot with 75/25.</summary>
/// <remarks>The rule is fixed, so the plugin reads nothing from its section. Another split is another policy with another name.</remarks>
public sealed class Settlement7525Plugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseSettlement7525();
}
