using Microsoft.Extensions.Configuration;

namespace CustomVerifier;

/// <summary>What a pool's operator chooses.</summary>
public sealed class FactorOptions
{
    /// <summary>The most digits of a number that is factored, 1 to 400. The default is 200.</summary>
    [ConfigurationKeyName("max_digits")]
    public int MaxDigits { get; set; } = 200;
}
