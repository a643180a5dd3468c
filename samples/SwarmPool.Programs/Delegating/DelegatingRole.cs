using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Delegating;

/// <summary>Who delegates, by which program.</summary>
/// <param name="Role">One of the delegation roles.</param>
/// <param name="Program">The program as typed, e.g. "swarm-miner".</param>
/// <param name="NameKey">The configuration's key of the name, e.g. "miner_ens".</param>
/// <param name="Allows">What the session key may do, for people.</param>
/// <param name="Cannot">What it never may, for people.</param>
/// <param name="ConfigFallback">What counts without --config, for the help.</param>
/// <param name="Compose">Composes what the configuration says.</param>
public sealed record DelegatingRole(
    string Role,
    string Program,
    string NameKey,
    string Allows,
    string Cannot,
    string ConfigFallback,
    Func<ProgramContext, string?, IReadOnlyDictionary<string, string?>, SwarmPoolBuilder> Compose)
{
    /// <summary>The delegation's file where none is named.</summary>
    public string File => $"{Role}.delegation.json";
}
