using System.CommandLine;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Plugins;

/// <summary><c>plugin remove</c>: a plugin's folder goes, and its place in the lock file.</summary>
internal static class RemoveCommand
{
    public static Command Create(ProgramContext context, PluginHome home)
    {
        var name = new Argument<string>("NAME") { Description = "The plugin." };
        var config = CommonOptions.Config(home.Fallback);
        var json = CommonOptions.Json("what was removed");
        var verbose = CommonOptions.Verbose();
        var command = new Command("remove", "Removes a plugin's folder from beside the configuration, and its place in the lock file.") { name, config, json, verbose };
        command.SetAction(parsed =>
        {
            var inventory = home.Look(context, parsed.GetValue(config));
            var plugin = PluginHome.Find(inventory, parsed.GetValue(name)!);
            var own = Path.Combine(inventory.Folder, plugin.Name);
            if (!Path.Exists(own))
            {
                throw new SwarmPoolException(
                    ErrorCodes.PluginFolderMissing,
                    $"{plugin.Name} lies in {plugin.Folder}, with the program itself, and is not removed from there. Take it out of plugins:use if it is not to run.");
            }

            if (plugin.IsUsed)
            {
                throw new SwarmPoolException(
                    ErrorCodes.ConfigurationInvalid, $"The configuration uses {plugin.Name}: without it the {home.Party} would not start. Take it out of plugins:use first.");
            }

            Delete(own);
            if (inventory.LockPath is { } path && File.Exists(path))
            {
                home.LockOf(inventory).Without(plugin.Name).Write(path);
            }

            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { removed = plugin.Name, folder = own }));
            }
            else
            {
                context.Screen.Line($"✓ {plugin.Name} is removed from {inventory.Folder}.", Tone.Good, hang: 2);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    // A folder that is a link is unlinked; what it leads to belongs to somebody else.
    private static void Delete(string folder) => Directory.Delete(folder, recursive: new DirectoryInfo(folder).LinkTarget is null);
}
