using Microsoft.Extensions.Configuration;

namespace CustomSettlement;

/// <summary>What a pool's operator chooses. Both values are part of the policy's published name.</summary>
public sealed class PplnsOptions
{
    /// <summary>N: how much work the window holds, in whole USDC; 1 to 1,000,000,000. The default is 1,000.</summary>
    [ConfigurationKeyName("window_usdc")]
    public long WindowUsdc { get; set; } = 1_000;

    /// <summary>The miners' part of an epoch's volume in percent; 0 to 100. The default is 75.</summary>
    [ConfigurationKeyName("miner_percent")]
    public int MinerPercent { get; set; } = 75;
}
