using Microsoft.Extensions.Configuration;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.Runtime.Roles;

/// <summary>What the options of the daemon, the miner and the client have in common: a party that signs.</summary>
internal interface IRoleOptions
{
    /// <summary>Whose options they are, for messages: "the miner miner.alice.eth".</summary>
    string Party { get; }

    SignerOptions Signer { get; set; }

    /// <summary>What stands before a signer's keys in configuration: "miner_".</summary>
    string SignerPrefix { get; }

    /// <summary>The file of the delegation by which the signer signs; null or empty when its key is the party's own.</summary>
    string? DelegationFile { get; }

    /// <summary>Sets all but the signer as the configuration says.</summary>
    /// <exception cref="InvalidOperationException">A value is of the wrong kind.</exception>
    void Bind(IConfiguration configuration);
}
