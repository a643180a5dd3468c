using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins.Onnx;

[assembly: SwarmPool.Plugins.SwarmPoolPlugin(typeof(OnnxPlugin))]

namespace SwarmPool.Plugins.Onnx;

/// <summary>Fills the inference backend slot from the plugin's section; see <see cref="OnnxOptions"/> for its keys.</summary>
public sealed class OnnxPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseOnnx(options => section.Bind(options));
}
