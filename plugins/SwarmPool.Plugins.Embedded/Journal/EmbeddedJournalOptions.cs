using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Embedded;

/// <summary>Options of the embedded journal.</summary>
public sealed class EmbeddedJournalOptions
{
    /// <summary>
    /// The SQLite file. Relative to the builder's base directory; its folder is created when missing. Beside it live
    /// SQLite's <c>-wal</c> and <c>-shm</c> files, the writer's <c>.lock</c> and, while held, the <c>.owner</c>.
    /// Configuration key <c>journal</c>. The default is <c>pool.journal.db</c>.
    /// </summary>
    [ConfigurationKeyName("journal")]
    public string Journal { get; set; } = "pool.journal.db";
}
