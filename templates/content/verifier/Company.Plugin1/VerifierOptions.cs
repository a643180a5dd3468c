using Microsoft.Extensions.Configuration;

namespace Company.Plugin1;

/// <summary>What an operator chooses.</summary>
public sealed class VerifierOptions
{
    /// <summary>How deep an answer may nest, 1 to 64; the default is 16.</summary>
    [ConfigurationKeyName("max_depth")]
    public int MaxDepth { get; set; } = 16;
}
