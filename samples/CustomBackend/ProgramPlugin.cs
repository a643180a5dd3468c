using CustomBackend;
using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;

[assembly: SwarmPoolPlugin(typeof(ProgramPlugin))]

namespace CustomBackend;

/// <summary>The entry point of the plugin folder: fills the inference backend slot with the operator's own programs.</summary>
public sealed class ProgramPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UsePrograms(section);
}
