using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Daemon;

/// <summary>Composes what the daemon's configuration says. There are no defaults to start a pool from by accident.</summary>
internal static class DaemonComposition
{
    public const string File = "swarmpool.json";

    /// <summary>With what the command line says.</summary>
    public static SwarmPoolBuilder Compose(ProgramContext context, string? config, IReadOnlyDictionary<string, string?> overrides) =>
        ProgramComposition.Compose(context, config, File, defaults: null, overrides);

    public static SwarmPoolBuilder Compose(ProgramContext context, string? config) => ProgramComposition.Compose(
        context, config, File, defaults: null, KeyChoice.FromEnvironment(context, "OPERATOR_PRIVATE_KEY", "operator_"));
}
