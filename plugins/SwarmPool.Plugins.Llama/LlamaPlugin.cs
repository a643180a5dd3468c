using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Llama;

[assembly: SwarmPoolPlugin(typeof(LlamaPlugin))]

namespace SwarmPool.Plugins.Llama;

/// <summary>The plugin's entry point: what its section says, by <see cref="LlamaBuilderExtensions.UseLlama(ISwarmPoolBuilder, IConfigurationSection)"/>.</summary>
public sealed class LlamaPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseLlama(section);
}
