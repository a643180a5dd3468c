using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Embedded;

/// <summary>Options of the embedded identity.</summary>
public sealed class EmbeddedIdentityOptions
{
    /// <summary>
    /// The names file: JSON of at most 16 MiB, read again when it changes. Relative to the builder's base directory.
    /// Configuration key <c>names</c>. The default is <c>names.json</c>.
    /// </summary>
    [ConfigurationKeyName("names")]
    public string Names { get; set; } = "names.json";
}
