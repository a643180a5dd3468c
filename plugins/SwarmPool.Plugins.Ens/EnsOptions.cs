using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.Ens;

/// <summary>How a name's resolver is found.</summary>
public enum EnsLookup
{
    /// <summary>By a walk of the registry, with wildcard resolvers (ENSIP-10). It needs the registry's address alone.</summary>
    Registry = 0,

    /// <summary>By the Universal Resolver, one contract that does the walk on chain: the best choice on mainnet.</summary>
    Universal,
}

/// <summary>The block that names are read at.</summary>
public enum EnsBlock
{
    /// <summary>The newest block: a change counts at once, and may be undone by a reorganization of the chain.</summary>
    Latest = 0,

    /// <summary>The newest block that is unlikely to be reverted; minutes old on mainnet.</summary>
    Safe,

    /// <summary>The newest block that can't be reverted; a quarter of an hour old on mainnet.</summary>
    Finalized,
}

/// <summary>Options of the ENS identity.</summary>
public sealed class EnsOptions
{
    /// <summary>
    /// JSON-RPC addresses of Ethereum nodes, 1 to 16, the preferred one first. More than half have to say the same of a name (<see cref="Quorum"/>); with a quorum of 1 the others are used while it fails. What follows host and
    /// port may be a secret and is never written to a log or message. Configuration key <c>endpoints</c>. No default.
    /// </summary>
    [ConfigurationKeyName("endpoints")]
    public IList<string> Endpoints { get; } = [];

    /// <summary>A file of further addresses, one a line, for those that hold a secret; relative to the builder's base directory. Configuration key <c>endpoints_file</c>. The default is none.</summary>
    [ConfigurationKeyName("endpoints_file")]
    public string? EndpointsFile { get; set; }

    /// <summary>The chain, as CAIP-2; a node of another chain is refused. Configuration key <c>network</c>. The default is <c>eip155:1</c>, Ethereum's mainnet.</summary>
    [ConfigurationKeyName("network")]
    public string Network { get; set; } = "eip155:1";

    /// <summary>How resolvers are found. Configuration key <c>lookup</c>. The default is <see cref="EnsLookup.Registry"/>.</summary>
    [ConfigurationKeyName("lookup")]
    public EnsLookup Lookup { get; set; }

    /// <summary>The ENS registry. Configuration key <c>registry</c>. The default is its address on mainnet.</summary>
    [ConfigurationKeyName("registry")]
    public string Registry { get; set; } = "0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e";

    /// <summary>The Universal Resolver. Configuration key <c>universal_resolver</c>. The default is its address on mainnet.</summary>
    [ConfigurationKeyName("universal_resolver")]
    public string UniversalResolver { get; set; } = "0xeEeEEEeE14D718C2B47D9923Deab1335E144EeEe";

    /// <summary>The block that names are read at. Configuration key <c>block</c>. The default is <see cref="EnsBlock.Latest"/>.</summary>
    [ConfigurationKeyName("block")]
    public EnsBlock Block { get; set; }

    /// <summary>
    /// Whether answers from outside the chain are fetched where a resolver asks for it (EIP-3668, CCIP-Read): by https, from public
    /// addresses only. Configuration key <c>offchain</c>. The default is false.
    /// </summary>
    [ConfigurationKeyName("offchain")]
    public bool Offchain { get; set; }

    /// <summary>How long one request may take, in seconds, 1 to 20. Configuration key <c>timeout_seconds</c>. The default is 5.</summary>
    [ConfigurationKeyName("timeout_seconds")]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>
    /// The most names that one request asks for, 1 to 200. A name takes as many calls as it has labels, then some five: what the node
    /// takes in one batch limits this. Configuration key <c>names_per_request</c>. The default is 25.
    /// </summary>
    [ConfigurationKeyName("names_per_request")]
    public int NamesPerRequest { get; set; } = 25;

    /// <summary>
    /// How long a known name is not asked for again, in seconds, 1 to 86,400: so long may the signatures of a name's former owner
    /// count. Configuration key <c>lifetime_seconds</c>. The default is 300.
    /// </summary>
    [ConfigurationKeyName("lifetime_seconds")]
    public int LifetimeSeconds { get; set; } = 300;

    /// <summary>How long a name that does not exist is not asked for again, in seconds, 1 to 3,600. Configuration key <c>unknown_lifetime_seconds</c>. The default is 30.</summary>
    [ConfigurationKeyName("unknown_lifetime_seconds")]
    public int UnknownLifetimeSeconds { get; set; } = 30;

    /// <summary>How much longer a known name lives on while no node can be asked, in seconds, 0 to 86,400. Configuration key <c>grace_seconds</c>. The default is 900.</summary>
    [ConfigurationKeyName("grace_seconds")]
    public int GraceSeconds { get; set; } = 900;

    /// <summary>
    /// How many of the nodes have to say the same of a name, at one block, before anything is taken or paid by it; 0 to the number of endpoints.
    /// One that lies can then redirect no payout; while fewer answer alike, the name is disputed (SP2214) or unavailable. 1: the first that
    /// answers is believed. Configuration key <c>quorum</c>. The default is 0: more than half of them.
    /// </summary>
    [ConfigurationKeyName("quorum")]
    public int Quorum { get; set; }
}
