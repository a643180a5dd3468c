using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Plugins;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Miner;

/// <summary>Composes what the miner's configuration says; without one, a miner of a pool on this machine.</summary>
internal static class MinerComposition
{
    public const string File = "swarm-miner.json";

    /// <summary>Which configuration counts without <c>--config</c>.</summary>
    public const string Fallback = $"{File} in the current folder, else a pool on this machine";

    /// <summary>The miner's plugins.</summary>
    public static PluginHome Plugins { get; } = new(
        "miner", Fallback, "swarm-miner.lock.json", static (context, config) => ProgramComposition.Read(context, config, File, Defaults(context), new Dictionary<string, string?>()));

    public static SwarmPoolBuilder Compose(ProgramContext context, string? config, IReadOnlyDictionary<string, string?> overrides) =>
        ProgramComposition.Compose(context, config, File, Defaults(context), overrides);

    // The current folder's own models, else those that came with the program.
    private static Dictionary<string, string?> Defaults(ProgramContext context) => new()
    {
        ["plugins:use:SwarmPool.Plugins.Embedded"] = "",
        ["plugins:use:SwarmPool.Plugins.Onnx:models"] =
            Directory.Exists(context.PathOf("models")) ? context.PathOf("models") : Path.Combine(AppContext.BaseDirectory, "models"),
    };
}
