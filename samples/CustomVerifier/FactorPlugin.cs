using CustomVerifier;
using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;

[assembly: SwarmPoolPlugin(typeof(FactorPlugin))]

namespace CustomVerifier;

/// <summary>The entry point of the plugin folder: fills the proof verification slot.</summary>
public sealed class FactorPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseFactorVerifier(section);
}
