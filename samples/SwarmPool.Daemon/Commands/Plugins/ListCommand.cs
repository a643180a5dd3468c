using System.CommandLine;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Daemon.Commands.Plugins;

/// <summary><c>swarmpool plugin list</c>: what is at hand.</summary>
internal static class ListCommand
{
    public static Command Create(ProgramContext context)
    {
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var json = CommonOptions.Json("the list");
        var verbose = CommonOptions.Verbose();
        var command = new Command("list", "Lists the plugins at hand: versions, whether they are used and locked, and what is wrong with them.") { config, json, verbose };
        command.SetAction(parsed =>
        {
            var inventory = PluginCommandContext.Open(context, parsed.GetValue(config)).Look();
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(inventory));
            }
            else
            {
                PluginScreen.List(context.Screen, inventory);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
