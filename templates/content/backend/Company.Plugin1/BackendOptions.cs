using Microsoft.Extensions.Configuration;

namespace Company.Plugin1;

/// <summary>What an operator chooses.</summary>
public sealed class BackendOptions
{
    /// <summary>The model's name, as jobs ask for it; the default is "reverse".</summary>
    [ConfigurationKeyName("model")]
    public string Model { get; set; } = "reverse";

    /// <summary>The most bytes of an input, 1 to 16 MiB; the default is 1 MiB.</summary>
    [ConfigurationKeyName("max_input_bytes")]
    public int MaxInputBytes { get; set; } = 1024 * 1024;
}
