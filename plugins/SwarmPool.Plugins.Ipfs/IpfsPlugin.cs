using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Ipfs;

[assembly: SwarmPoolPlugin(typeof(IpfsPlugin))]

namespace SwarmPool.Plugins.Ipfs;

/// <summary>The plugin's entry point: what its section says, by <see cref="IpfsBuilderExtensions.UseIpfs(ISwarmPoolBuilder, IConfigurationSection)"/>.</summary>
public sealed class IpfsPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseIpfs(section);
}
