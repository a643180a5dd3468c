using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Ipfs;

/// <summary>Options of the IPFS transport.</summary>
public sealed class IpfsOptions
{
    /// <summary>The RPC address of this party's own node. Configuration key <c>api</c>. The default is <c>http://127.0.0.1:5001</c>.</summary>
    [ConfigurationKeyName("api")]
    public string Api { get; set; } = "http://127.0.0.1:5001";

    /// <summary>
    /// What authorizes calls: <c>bearer:TOKEN</c> or <c>basic:USER:PASSWORD</c>, as in the node's <c>API.Authorizations</c>.
    /// It is never written to a log or message. Configuration key <c>auth</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("auth")]
    public string? Auth { get; set; }

    /// <summary>A file whose first line is what <see cref="Auth"/> would be; relative to the builder's base directory. Configuration key <c>auth_file</c>. The default is none.</summary>
    [ConfigurationKeyName("auth_file")]
    public string? AuthFile { get; set; }

    /// <summary>
    /// The nodes to stay connected to, as multiaddresses that end in <c>/p2p/ID</c>: a miner's and a client's name the
    /// pool's node. At most 64. Configuration key <c>peers</c>. The default is none.
    /// </summary>
    [ConfigurationKeyName("peers")]
    public IList<string> Peers { get; } = [];

    /// <summary>The most bytes of one content, 65,536 to 1,073,741,824. Configuration key <c>max_content_bytes</c>. The default is 16,777,216 (16 MiB).</summary>
    [ConfigurationKeyName("max_content_bytes")]
    public int MaxContentBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a fetch waits for content at most, in seconds, 1 to 3,600; whoever asks may wait less. Configuration key <c>fetch_seconds</c>. The default is 60.</summary>
    [ConfigurationKeyName("fetch_seconds")]
    public int FetchSeconds { get; set; } = 60;

    /// <summary>
    /// How many fetches run concurrently, 1 to 1,024. One that takes longer than a second moves to a second queue, which holds at most
    /// eight times as many. Configuration key <c>parallel_fetches</c>. The default is 64.
    /// </summary>
    [ConfigurationKeyName("parallel_fetches")]
    public int ParallelFetches { get; set; } = 64;

    /// <summary>
    /// The most bytes of a content that travels with the message that names it, 0 (none does) to 65,536.
    /// Configuration key <c>enclose_bytes</c>. The default is 16,384.
    /// </summary>
    [ConfigurationKeyName("enclose_bytes")]
    public int EncloseBytes { get; set; } = 16 * 1024;

    /// <summary>How long resolving a pointer waits for an answer, in seconds, 1 to 60. Configuration key <c>resolve_seconds</c>. The default is 3.</summary>
    [ConfigurationKeyName("resolve_seconds")]
    public int ResolveSeconds { get; set; } = 3;

    /// <summary>
    /// Whether a daemon shows the pool as files in its node's own tree, under the pool's name.
    /// Configuration key <c>tree</c>. The default is true.
    /// </summary>
    [ConfigurationKeyName("tree")]
    public bool Tree { get; set; } = true;

    /// <summary>The most files that one folder of that tree shows, 1 to 1,000,000. Configuration key <c>tree_files</c>. The default is 10,000.</summary>
    [ConfigurationKeyName("tree_files")]
    public int TreeFiles { get; set; } = 10_000;

    /// <summary>Whether that tree is given an IPNS name, where the node can. Configuration key <c>ipns</c>. The default is true.</summary>
    [ConfigurationKeyName("ipns")]
    public bool Ipns { get; set; } = true;

    /// <summary>
    /// How long the start and a subscription wait for the node, in seconds, 1 to 3,600, so that a party may be started
    /// before its node. Configuration key <c>connect_timeout_seconds</c>. The default is 30.
    /// </summary>
    [ConfigurationKeyName("connect_timeout_seconds")]
    public int ConnectTimeoutSeconds { get; set; } = 30;
}
