using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Client;

/// <summary>Composes what the client's configuration says; without one, a client of a pool on this machine.</summary>
internal static class ClientComposition
{
    public const string File = "swarm-client.json";

    private static readonly Dictionary<string, string?> Defaults = new() { ["plugins:use:SwarmPool.Plugins.Embedded"] = "" };

    public static SwarmPoolBuilder Compose(ProgramContext context, string? config, IReadOnlyDictionary<string, string?> overrides) =>
        ProgramComposition.Compose(context, config, File, Defaults, overrides);
}
