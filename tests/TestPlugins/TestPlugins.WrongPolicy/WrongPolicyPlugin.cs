using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Settlement;
using TestPlugins.WrongPolicy;

[assembly: SwarmPoolPlugin(typeof(WrongPolicyPlugin))]

namespace TestPlugins.WrongPolicy;

/// <summary>Settles wrongly, in the way that its section names under "wrong".</summary>
public sealed class WrongPolicyPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section)
    {
        var wrong = section["wrong"] ?? "sum";
        builder.Fill<ISettlementPolicy>("Wrong settlement", _ => new WrongPolicy(wrong));
    }
}
