using Microsoft.Extensions.Configuration;
using SwarmPool.Inference;
using SwarmPool.Plugins;
using SwarmPool.Settlement;
using TestPlugins.OnOlder;

[assembly: SwarmPoolPlugin(typeof(OlderPlugin))]

namespace TestPlugins.OnOlder;

public sealed class OlderPlugin : ISwarmPoolPlugin
{
    public void Configure(ISwarmPoolBuilder builder, IConfigurationSection section) =>
        builder.Fill<ISettlementPolicy>("Older settlement", _ => new OlderPolicy()).Fill<IInferenceBackend>("Older backend", _ => new OlderBackend());
}

/// <summary>Everything to operations.</summary>
internal sealed class OlderPolicy : ISettlementPolicy
{
    public string Name => "older";

    public string Version => "1.0.0";

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
        new(new Settlement(ledger.Volume, []), $"{ledger.EpochId} of {ledger.Entries.Count}, {ledger.Operations.Name.Text}, {ledger.Volume.Micro}");
}
