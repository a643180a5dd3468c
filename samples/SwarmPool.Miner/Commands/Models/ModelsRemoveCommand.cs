using System.CommandLine;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Miner.Commands.Models;

/// <summary><c>swarm-miner models remove</c>: a pack's folder goes.</summary>
internal static class ModelsRemoveCommand
{
    public static Command Create(ProgramContext context)
    {
        var name = new Argument<string>("MODEL") { Description = "The model's name or CID." };
        var force = new Option<bool>("--force") { Description = "Remove it although a running miner uses it." };
        var config = CommonOptions.Config(ModelsCommand.Fallback);
        var json = CommonOptions.Json("what was removed");
        var verbose = CommonOptions.Verbose();
        var command = new Command("remove", "Removes a pack from the models folder. A folder that was made a pack here stays; what was published stays published.") { name, force, config, json, verbose };
        command.SetAction(parsed =>
        {
            var folder = ModelsCommand.Folder(context, parsed.GetValue(config));
            var local = folder.Find(parsed.GetRequiredValue(name));
            folder.Remove(local, parsed.GetValue(force));
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { removed = ModelsScreen.Item(local) }));
            }
            else
            {
                ModelsScreen.Removed(context.Screen, local);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
