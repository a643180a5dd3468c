using System.CommandLine;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Miner.Commands.Models;

/// <summary><c>swarm-miner models list</c>: what is here.</summary>
internal static class ModelsListCommand
{
    public static Command Create(ProgramContext context)
    {
        var config = CommonOptions.Config(ModelsCommand.Fallback);
        var json = CommonOptions.Json("the list");
        var verbose = CommonOptions.Verbose();
        var command = new Command("list", "Lists the packs in the models folder.") { config, json, verbose };
        command.SetAction(parsed =>
        {
            var folder = ModelsCommand.Folder(context, parsed.GetValue(config));
            var packs = folder.List();
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { folder = folder.Path, models = packs.Select(ModelsScreen.Item) }));
            }
            else
            {
                ModelsScreen.List(context.Screen, folder, packs);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
