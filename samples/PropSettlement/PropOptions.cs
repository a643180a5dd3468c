using Microsoft.Extensions.Configuration;

namespace PropSettlement;

/// <summary>What a pool's operator chooses. How much is part of the policy's published name; to whom, of the pool's recorded settings.</summary>
public sealed class PropOptions
{
    /// <summary>Who gets the fee: a name such as "dev.eth", or an address. There is no default: it has to be set unless the fee is 0.</summary>
    [ConfigurationKeyName("fee_to")]
    public string FeeTo { get; set; } = "";

    /// <summary>The fee, in percent of an epoch's volume; 0 to 100. The default is 2.</summary>
    [ConfigurationKeyName("fee_percent")]
    public int FeePercent { get; set; } = 2;

    /// <summary>Who gets the gift: a name, or an address; another than the fee's. The default is nobody.</summary>
    [ConfigurationKeyName("gift_to")]
    public string GiftTo { get; set; } = "";

    /// <summary>The gift of each epoch in USDC, with at most 6 places, as far as there is so much; the default is "0".</summary>
    [ConfigurationKeyName("gift_usdc")]
    public string GiftUsdc { get; set; } = "0";
}
