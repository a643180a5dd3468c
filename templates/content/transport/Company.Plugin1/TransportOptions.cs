using Microsoft.Extensions.Configuration;

namespace Company.Plugin1;

/// <summary>What an operator chooses.</summary>
public sealed class TransportOptions
{
    /// <summary>The network's name: who says the same name meets. The default is "swarmpool".</summary>
    [ConfigurationKeyName("network")]
    public string Network { get; set; } = "swarmpool";
}
