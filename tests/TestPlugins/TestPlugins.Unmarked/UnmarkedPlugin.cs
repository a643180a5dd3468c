using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;

namespace TestPlugins.Unmarked;

/// <summary>Would be a plugin, but its assembly doesn't say so.</summary>
public sealed class UnmarkedPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section)
    {
    }
}
