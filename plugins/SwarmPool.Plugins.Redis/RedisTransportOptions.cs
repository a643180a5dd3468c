using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Redis;

/// <summary>Options of the Redis transport.</summary>
public sealed class RedisTransportOptions
{
    /// <summary>
    /// The server, as StackExchange.Redis writes it: <c>host:6379,ssl=true,user=pool,password=…</c>. It is never written to a log or
    /// message. Configuration key <c>configuration</c>. The default is <c>127.0.0.1:6379</c>.
    /// </summary>
    [ConfigurationKeyName("configuration")]
    public string? Configuration { get; set; }

    /// <summary>
    /// A file whose first line is what <see cref="Configuration"/> would be; relative to the builder's base directory.
    /// Configuration key <c>configuration_file</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("configuration_file")]
    public string? ConfigurationFile { get; set; }

    /// <summary>
    /// Another server for the transport than for the journal; used instead of <see cref="Configuration"/>.
    /// Configuration key <c>transport_configuration</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("transport_configuration")]
    public string? TransportConfiguration { get; set; }

    /// <summary>
    /// A file whose first line is what <see cref="TransportConfiguration"/> would be. Configuration key
    /// <c>transport_configuration_file</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("transport_configuration_file")]
    public string? TransportConfigurationFile { get; set; }

    /// <summary>
    /// What <see cref="Configuration"/> can't say of TLS. Configuration key <c>tls</c>, with those of <see cref="RedisTlsOptions"/> below
    /// it. The default is nothing.
    /// </summary>
    [ConfigurationKeyName("tls")]
    public RedisTlsOptions Tls { get; set; } = new();

    /// <summary>
    /// What <see cref="TransportConfiguration"/> can't say of TLS. Configuration key <c>transport_tls</c>, with those of
    /// <see cref="RedisTlsOptions"/> below it. The default is nothing.
    /// </summary>
    [ConfigurationKeyName("transport_tls")]
    public RedisTlsOptions TransportTls { get; set; } = new();

    /// <summary>
    /// The pool's name, the prefix of its keys. Configuration key <c>pool</c>. The default is the host's <c>pool_ens</c>, else
    /// <c>swarmpool.eth</c>.
    /// </summary>
    [ConfigurationKeyName("pool")]
    public string Pool { get; set; } = "swarmpool.eth";

    /// <summary>How long a call is retried, in seconds, 1 to 25. Configuration key <c>timeout_seconds</c>. The default is 5.</summary>
    [ConfigurationKeyName("timeout_seconds")]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>
    /// How long the start waits for the server, in seconds, 1 to 3,600, so that a party may be started before it.
    /// Configuration key <c>connect_timeout_seconds</c>. The default is 30.
    /// </summary>
    [ConfigurationKeyName("connect_timeout_seconds")]
    public int ConnectTimeoutSeconds { get; set; } = 30;

    /// <summary>The most bytes of one content, 65,536 to 268,435,456. Configuration key <c>max_content_bytes</c>. The default is 16,777,216 (16 MiB).</summary>
    [ConfigurationKeyName("max_content_bytes")]
    public int MaxContentBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How long content lives that nobody pinned, in seconds, 60 to 31,536,000; each put renews that.
    /// Configuration key <c>content_seconds</c>. The default is 691,200 (8 days: a job's longest deadline, and one).
    /// </summary>
    [ConfigurationKeyName("content_seconds")]
    public int ContentSeconds { get; set; } = 691_200;

    /// <summary>How long a fetch waits for content that is not there yet, in seconds, 0 to 600. Configuration key <c>fetch_wait_seconds</c>. The default is 2.</summary>
    [ConfigurationKeyName("fetch_wait_seconds")]
    public int FetchWaitSeconds { get; set; } = 2;

    /// <summary>
    /// About how many messages of a topic are kept for parties whose connection was lost, 1,024 to 1,000,000.
    /// Configuration key <c>stream_messages</c>. The default is 4,096.
    /// </summary>
    [ConfigurationKeyName("stream_messages")]
    public int StreamMessages { get; set; } = 4096;

    /// <summary>
    /// From how long ago a new subscription receives messages, in seconds, 0 (from now on) to 300: what was published while a party
    /// restarted. Configuration key <c>backlog_seconds</c>. The default is 10.
    /// </summary>
    [ConfigurationKeyName("backlog_seconds")]
    public int BacklogSeconds { get; set; } = 10;
}
