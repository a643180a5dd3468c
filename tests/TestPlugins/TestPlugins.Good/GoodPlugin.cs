using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using TestPlugins.Good;

[assembly: SwarmPoolPlugin(typeof(GoodPlugin))]

namespace TestPlugins.Good;

public sealed class GoodPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseGood(section);
}
