using CustomSettlement;
using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;

[assembly: SwarmPoolPlugin(typeof(PplnsPlugin))]

namespace CustomSettlement;

/// <summary>The entry point of the plugin folder: fills the settlement policy slot with PPLNS.</summary>
public sealed class PplnsPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UsePplns(section);
}
