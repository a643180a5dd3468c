using Microsoft.Extensions.Configuration;

namespace Company.Plugin1;

/// <summary>What an operator chooses.</summary>
public sealed class JournalOptions
{
    /// <summary>The journal's folder; absolute, or relative to the configuration's folder. The default is "journal".</summary>
    [ConfigurationKeyName("folder")]
    public string Folder { get; set; } = "journal";
}
