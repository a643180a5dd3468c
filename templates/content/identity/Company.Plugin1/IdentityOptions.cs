using Microsoft.Extensions.Configuration;

namespace Company.Plugin1;

/// <summary>What an operator chooses.</summary>
public sealed class IdentityOptions
{
    /// <summary>The file of names: a line "name account" each; absolute, or relative to the configuration's folder. The default is "names.txt".</summary>
    [ConfigurationKeyName("file")]
    public string File { get; set; } = "names.txt";

    /// <summary>How long an answer may be used, in seconds, 1 to 3,600; the default is 10.</summary>
    [ConfigurationKeyName("valid_seconds")]
    public int ValidSeconds { get; set; } = 10;
}
