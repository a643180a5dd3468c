using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Redis;

/// <summary>What a server must do with an append before it acknowledges it.</summary>
public enum RedisDurability
{
    /// <summary>Write it to its log and sync that to disk: <c>appendonly yes</c>, <c>appendfsync always</c>. What the journal's contract requires.</summary>
    Always = 0,

    /// <summary>Write it to its log, synced each second: the last second or two may be lost with the machine.</summary>
    Everysec,

    /// <summary>Nothing is required: everything may be lost. For tests.</summary>
    None,
}

/// <summary>Options of the Redis journal.</summary>
public sealed class RedisJournalOptions
{
    /// <summary>
    /// The server, or the Sentinels or cluster nodes, as StackExchange.Redis writes it: <c>host:6379,ssl=true,user=pool,password=…</c>.
    /// It is never written to a log or message. Configuration key <c>configuration</c>. The default is <c>127.0.0.1:6379</c>.
    /// </summary>
    [ConfigurationKeyName("configuration")]
    public string? Configuration { get; set; }

    /// <summary>
    /// A file whose first line is what <see cref="Configuration"/> would be, because of its secrets; relative to the builder's base
    /// directory. Configuration key <c>configuration_file</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("configuration_file")]
    public string? ConfigurationFile { get; set; }

    /// <summary>
    /// What <see cref="Configuration"/> can't say of TLS. Configuration key <c>tls</c>, with those of <see cref="RedisTlsOptions"/> below
    /// it. The default is nothing.
    /// </summary>
    [ConfigurationKeyName("tls")]
    public RedisTlsOptions Tls { get; set; } = new();

    /// <summary>
    /// The pool's name, the prefix of its keys. Configuration key <c>pool</c>. The default is the host's <c>pool_ens</c>, else
    /// <c>swarmpool.eth</c>.
    /// </summary>
    [ConfigurationKeyName("pool")]
    public string Pool { get; set; } = "swarmpool.eth";

    /// <summary>
    /// How long a call is retried, in seconds, 1 to 25: while the server restarts, fails over or is slow. A call ends within twice that.
    /// Configuration key <c>timeout_seconds</c>. The default is 5.
    /// </summary>
    [ConfigurationKeyName("timeout_seconds")]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>
    /// What the server must be set to; a daemon refuses to start on one that promises less. Configuration key <c>durability</c>:
    /// <c>always</c>, <c>everysec</c> or <c>none</c>. The default is <c>always</c>.
    /// </summary>
    [ConfigurationKeyName("durability")]
    public RedisDurability Durability { get; set; }

    /// <summary>
    /// Says that the operator has checked <see cref="Durability"/>, where the server does not let this user read its settings (<c>CONFIG GET</c>).
    /// Configuration key <c>vouch</c>. The default is false.
    /// </summary>
    [ConfigurationKeyName("vouch")]
    public bool Vouch { get; set; }

    /// <summary>
    /// How many replicas must have an append before it is acknowledged (<c>WAIT</c>), 0 to 16; with fewer an append fails.
    /// Configuration key <c>replicas</c>. The default is 0.
    /// </summary>
    [ConfigurationKeyName("replicas")]
    public int Replicas { get; set; }
}
