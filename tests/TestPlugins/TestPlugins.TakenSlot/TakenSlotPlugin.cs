using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Settlement;
using TestPlugins.TakenSlot;

[assembly: SwarmPoolPlugin(typeof(TakenSlotPlugin))]

namespace TestPlugins.TakenSlot;

/// <summary>Fills the slot that the good plugin fills.</summary>
public sealed class TakenSlotPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.Fill<ISettlementPolicy>("Rival settlement", _ => throw new InvalidOperationException("never made"));
}
