using Company.Plugin1;
using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;

[assembly: SwarmPoolPlugin(typeof(VerifierPlugin))]

namespace Company.Plugin1;

/// <summary>The entry point of the plugin folder: fills the proof verification slot from the plugin's own section of the configuration.</summary>
public sealed class VerifierPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseJsonVerifier(section);
}
