using System.CommandLine;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Plugins;

/// <summary><c>plugin list</c>: what is at hand.</summary>
internal static class ListCommand
{
    public static Command Create(ProgramContext context, PluginHome home)
    {
        var config = CommonOptions.Config(home.Fallback);
        var json = CommonOptions.Json("the list");
        var verbose = CommonOptions.Verbose();
        var command = new Command("list", "Lists the plugins at hand: versions, whether they are used and locked, and what is wrong with them.") { config, json, verbose };
        command.SetAction(parsed =>
        {
            var inventory = home.Look(context, parsed.GetValue(config));
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
