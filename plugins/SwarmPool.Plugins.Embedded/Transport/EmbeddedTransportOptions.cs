using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Embedded;

/// <summary>How the embedded transport carries messages.</summary>
public enum EmbeddedTransportKind
{
    /// <summary>MQTT 5 over TCP, to the broker that the daemon runs or to any other.</summary>
    Mqtt = 0,

    /// <summary>Channels inside one process: all parties of the pool live in it.</summary>
    Hub,
}

/// <summary>Options of the embedded transport.</summary>
public sealed class EmbeddedTransportOptions
{
    /// <summary>What carries messages. Configuration key <c>transport</c>: <c>mqtt</c> or <c>hub</c>. The default is <c>mqtt</c>.</summary>
    [ConfigurationKeyName("transport")]
    public EmbeddedTransportKind Transport { get; set; }

    /// <summary>
    /// The MQTT broker: <c>mqtt://</c> (port 1883 when none is named) or <c>mqtts://</c> (8883), host, port, and optionally
    /// <c>user:password@</c>. Configuration key <c>url</c>. The default is <c>mqtt://127.0.0.1:18830</c>.
    /// </summary>
    [ConfigurationKeyName("url")]
    public string Url { get; set; } = "mqtt://127.0.0.1:18830";

    /// <summary>
    /// Whether this process runs the broker itself, on the host and port of <see cref="Url"/>; in a pool the
    /// daemon does. Configuration key <c>broker</c>. The default is false.
    /// </summary>
    [ConfigurationKeyName("broker")]
    public bool Broker { get; set; }

    /// <summary>
    /// Lets other machines connect to the built-in broker; then <see cref="User"/> and <see cref="Password"/> are
    /// required. It has no TLS. Configuration key <c>allow_remote</c>. The default is false.
    /// </summary>
    [ConfigurationKeyName("allow_remote")]
    public bool AllowRemote { get; set; }

    /// <summary>The user at the broker; the built-in broker asks for it when set. Configuration key <c>user</c>. The default is none.</summary>
    [ConfigurationKeyName("user")]
    public string? User { get; set; }

    /// <summary>The password at the broker; the built-in broker asks for it when set. Configuration key <c>password</c>. The default is none.</summary>
    [ConfigurationKeyName("password")]
    public string? Password { get; set; }

    /// <summary>The name of the hub that parties join. Configuration key <c>hub</c>. The default is <c>default</c>.</summary>
    [ConfigurationKeyName("hub")]
    public string Hub { get; set; } = "default";

    /// <summary>
    /// The folder of contents and pointers, shared by all parties of the machine; created when missing. Relative to the
    /// builder's base directory. Configuration key <c>blocks</c>. The default is <c>blocks</c>.
    /// </summary>
    [ConfigurationKeyName("blocks")]
    public string Blocks { get; set; } = "blocks";

    /// <summary>The most bytes of one content, 65,536 to 1,073,741,824. Configuration key <c>max_content_bytes</c>. The default is 16,777,216 (16 MiB).</summary>
    [ConfigurationKeyName("max_content_bytes")]
    public int MaxContentBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// The most bytes of all contents together, at least <see cref="MaxContentBytes"/>; a put beyond that is refused.
    /// Configuration key <c>max_store_bytes</c>. The default is 10,737,418,240 (10 GiB).
    /// </summary>
    [ConfigurationKeyName("max_store_bytes")]
    public long MaxStoreBytes { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How long a fetch waits for content that is not there yet, in seconds, 0 to 600. Configuration key <c>fetch_wait_seconds</c>. The default is 2.</summary>
    [ConfigurationKeyName("fetch_wait_seconds")]
    public int FetchWaitSeconds { get; set; } = 2;

    /// <summary>
    /// How long the start and a subscription wait for the broker, in seconds, 1 to 3,600, so that a miner may be started
    /// before the daemon. Configuration key <c>connect_timeout_seconds</c>. The default is 30.
    /// </summary>
    [ConfigurationKeyName("connect_timeout_seconds")]
    public int ConnectTimeoutSeconds { get; set; } = 30;
}
