using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Plugins.Redis;

[assembly: SwarmPoolPlugin(typeof(RedisPlugin))]

namespace SwarmPool.Plugins.Redis;

/// <summary>The plugin's entry point: what its section says, by <see cref="RedisBuilderExtensions.UseRedis"/>.</summary>
public sealed class RedisPlugin : ISwarmPoolPlugin
{
    /// <inheritdoc/>
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseRedis(section);
}
