using Company.Plugin1;
using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;

[assembly: SwarmPoolPlugin(typeof(SettlementPlugin))]

namespace Company.Plugin1;

/// <summary>The entry point of the plugin folder: fills the settlement policy slot from the plugin's own section of the configuration.</summary>
public sealed class SettlementPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseSettlementRule(section);
}
