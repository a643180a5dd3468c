// snippet: entry
using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Snippets.Rule;

[assembly: SwarmPoolPlugin(typeof(RulePlugin))]

namespace SwarmPool.Snippets.Rule;

public sealed class RulePlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) => builder.UseRule(section);
}
// end
