using Microsoft.Extensions.Configuration;
using SwarmPool.Plugins;
using SwarmPool.Settlement;
using TestPlugins.OnNewer;

[assembly: SwarmPoolPlugin(typeof(NewerPlugin))]

namespace TestPlugins.OnNewer;

/// <summary>Needs a contract that this host does not have.</summary>
public sealed class NewerPlugin : ISwarmPoolPlugin, ISettlementReview
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section)
    {
    }

    public string Review(EpochLedger ledger) => "";
}
