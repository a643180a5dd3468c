using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Onnx;

[assembly: SwarmPoolPlugin(typeof(OnnxPlugin))]

namespace SwarmPool.Plugins.Onnx;

/// <summary>The plugin's entry point: what its section says, by <see cref="OnnxBuilderExtensions.UseOnnx(ISwarmPoolBuilder, IConfigurationSection)"/>.</summary>
public sealed class OnnxPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseOnnx(section);
}
