using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Miner.Commands.Models;

/// <summary><c>swarm-miner models add</c>: a folder becomes a pack that others can pull.</summary>
internal static class ModelsAddCommand
{
    public static Command Create(ProgramContext context)
    {
        var from = new Argument<string>("FOLDER") { Description = "The model's folder: all its files, and pack.json for what is to be said of them." };
        var config = CommonOptions.Config(ModelsCommand.Fallback);
        var json = CommonOptions.Json("one event a line");
        var verbose = CommonOptions.Verbose();
        var command = new Command("add", "Makes a pack of a folder, publishes it to the content store, and prints its CID.") { from, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var builder = ModelsCommand.Compose(context, parsed.GetValue(config), parsed.GetValue(verbose));
            builder.Require<ITransport>("the command");
            var folder = new ModelFolder(ModelFolderOptions.Read(builder.Configuration, builder.BaseDirectory).Folder);
            var source = context.PathOf(parsed.GetRequiredValue(from));
            await using var screen = new PackScreen(context, "publishing", parsed.GetValue(json));
            var added = await screen.RunAsync(progress => builder.WithHostAsync(
                (services, ends) => new ModelPackTransfer(services.GetRequiredService<ITransport>().Content, folder, context.Time).AddAsync(source, progress, ends), stop));
            screen.Added(added);
            return ExitCodes.Ok;
        });
        return command;
    }
}
