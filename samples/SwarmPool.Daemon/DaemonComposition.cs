using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Plugins;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Daemon;

/// <summary>Composes what the daemon's configuration says. There are no defaults to start a pool from by accident.</summary>
internal static class DaemonComposition
{
    public const string File = "swarmpool.json";

    /// <summary>Which configuration counts without <c>--config</c>.</summary>
    public const string Fallback = $"{File} in the current folder";

    /// <summary>The daemon's plugins.</summary>
    public static PluginHome Plugins { get; } = new(
        "daemon", Fallback, "plugins.lock.json", static (context, config) => ProgramComposition.Read(context, config, File, defaults: null, new Dictionary<string, string?>()));

    /// <summary>With what the command line says.</summary>
    public static SwarmPoolBuilder Compose(ProgramContext context, string? config, IReadOnlyDictionary<string, string?> overrides) =>
        ProgramComposition.Compose(context, config, File, defaults: null, overrides);

    public static SwarmPoolBuilder Compose(ProgramContext context, string? config) => ProgramComposition.Compose(
        context, config, File, defaults: null, KeyChoice.FromEnvironment(context, "OPERATOR_PRIVATE_KEY", "operator_"));
}
