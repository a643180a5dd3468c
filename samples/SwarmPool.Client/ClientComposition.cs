using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Plugins;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Client;

/// <summary>Composes what the client's configuration says; without one, a client of a pool on this machine.</summary>
internal static class ClientComposition
{
    public const string File = "swarm-client.json";

    /// <summary>Which configuration counts without <c>--config</c>.</summary>
    public const string Fallback = $"{File} in the current folder, else a pool on this machine";

    private static readonly Dictionary<string, string?> Defaults = new() { ["plugins:use:SwarmPool.Plugins.Embedded"] = "" };

    /// <summary>The client's plugins.</summary>
    public static PluginHome Plugins { get; } = new(
        "client", Fallback, "swarm-client.lock.json", static (context, config) => ProgramComposition.Read(context, config, File, Defaults, new Dictionary<string, string?>()));

    public static SwarmPoolBuilder Compose(ProgramContext context, string? config, IReadOnlyDictionary<string, string?> overrides) =>
        ProgramComposition.Compose(context, config, File, Defaults, overrides);
}
