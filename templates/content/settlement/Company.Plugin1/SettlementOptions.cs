using Microsoft.Extensions.Configuration;

namespace Company.Plugin1;

/// <summary>What an operator chooses.</summary>
public sealed class SettlementOptions
{
    /// <summary>The miners' part in percent, 0 to 100; the default is 75. It is part of the policy's published name.</summary>
    [ConfigurationKeyName("miner_percent")]
    public int MinerPercent { get; set; } = 75;
}
