using System.CommandLine;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Programs.Miner.Commands.Models;

/// <summary><c>swarm-miner models</c>: the models here, by their bytes.</summary>
internal static class ModelsCommand
{
    /// <summary>What counts without <c>--config</c>.</summary>
    public const string Fallback = $"{MinerComposition.File} in the current folder, else the embedded transport and the folder models";

    private static readonly Dictionary<string, string?> Defaults = new() { ["plugins:use:SwarmPool.Plugins.Embedded"] = "" };

    public static Command Create(ProgramContext context) => new("models", "Looks after the models here, each named by its bytes.")
    {
        ModelsListCommand.Create(context),
        ModelsAddCommand.Create(context),
        ModelsPullCommand.Create(context),
        ModelsVerifyCommand.Create(context),
        ModelsRemoveCommand.Create(context),
    };

    /// <summary>The models folder that the configuration means; no plugin is loaded.</summary>
    public static ModelFolder Folder(ProgramContext context, string? config)
    {
        var builder = ProgramComposition.Read(context, config, MinerComposition.File, Defaults, new Dictionary<string, string?>());
        return new ModelFolder(ModelFolderOptions.Read(builder.Configuration, builder.BaseDirectory).Folder);
    }

    /// <summary>The configured composition, with its plugins.</summary>
    public static SwarmPoolBuilder Compose(ProgramContext context, string? config, bool verbose) =>
        ProgramComposition.Compose(context, config, MinerComposition.File, Defaults, new Dictionary<string, string?>()).LogToError(verbose);
}
