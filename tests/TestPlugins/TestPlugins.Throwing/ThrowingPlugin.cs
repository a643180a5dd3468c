using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using TestPlugins.Throwing;

[assembly: SwarmPoolPlugin(typeof(ThrowingPlugin))]

namespace TestPlugins.Throwing;

public sealed class ThrowingPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) =>
        throw new InvalidOperationException("the moon is wrong.");
}
