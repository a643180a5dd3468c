using System.CommandLine;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Programs.Plugins;

/// <summary><c>plugin verify</c>: would the program take its plugins, and are they as they were locked?</summary>
internal static class VerifyCommand
{
    public static Command Create(ProgramContext context, PluginHome home)
    {
        var config = CommonOptions.Config(home.Fallback);
        var json = CommonOptions.Json("the result");
        var verbose = CommonOptions.Verbose();
        var command = new Command("verify", "Checks the plugins that the configuration uses, without running them; ends with 3 when one would not be loaded or is not as it was locked.")
        {
            config, json, verbose,
        };
        command.SetAction(parsed =>
        {
            var inventory = home.Look(context, parsed.GetValue(config));
            var right = inventory.Problems.Count == 0 && inventory.Plugins.Where(plugin => plugin.IsUsed).All(IsRight);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { right, inventory.Problems, plugins = inventory.Plugins.Where(plugin => plugin.IsUsed) }));
            }
            else
            {
                PluginScreen.Verified(context.Screen, inventory, right);
            }

            return right ? ExitCodes.Ok : ExitCodes.Configuration;
        });
        return command;
    }

    // Without a lock file there is nothing to compare with; with one that is not strict a difference still is one.
    private static bool IsRight(PluginReport plugin) => plugin.Problems.Count == 0 && plugin.Lock is PluginLockState.Locked or PluginLockState.NoLockFile;
}
