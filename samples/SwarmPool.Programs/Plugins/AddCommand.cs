using System.CommandLine;
using SwarmPool.Programs.Packages;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Programs.Plugins;

/// <summary><c>plugin add</c>: from a folder, or from a package with all that it depends on.</summary>
internal static class AddCommand
{
    public static Command Create(ProgramContext context, PluginHome home)
    {
        var from = new Argument<string>("FOLDER|NUPKG") { Description = "The plugin's build output, or its package." };
        var name = new Option<string?>("--name") { Description = "The plugin's name, which is its entry assembly's. Without it: the folder's or the package's.", HelpName = "NAME" };
        var config = CommonOptions.Config(home.Fallback);
        var json = CommonOptions.Json("what was added");
        var verbose = CommonOptions.Verbose();
        var command = new Command("add", "Puts a plugin beside the configuration and locks it. It is checked first, and runs only when plugins:use names it.") { from, name, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var inventory = home.Look(context, parsed.GetValue(config));
            var lockFile = inventory.LockPath is null ? null : home.LockOf(inventory);
            using var staged = StagedPlugin.Beside(inventory.Folder);
            var source = context.PathOf(parsed.GetValue(from)!);
            if (source.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase))
            {
                await PackagePlugin.UnpackAsync(source, staged, parsed.GetValue(name), Path.GetDirectoryName(inventory.Folder)!, Progress(context, parsed.GetValue(json)), stop);
            }
            else
            {
                staged.CopyFrom(source, parsed.GetValue(name));
            }

            var plugin = Check(PluginInventory.Inspect(staged.Name, staged.Folder));
            var locked = LockedPlugin.Of(staged.Name, staged.Folder);
            var folder = staged.Install();
            lockFile?.With(locked).Write(inventory.LockPath!);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { added = plugin.Name, plugin.Version, plugin.Contract, folder, locked.Digest, files = locked.Files.Count, isLocked = lockFile is not null }));
            }
            else
            {
                PluginScreen.Added(context.Screen, plugin with { Folder = folder }, locked, inventory.LockPath);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static PluginReport Check(PluginReport plugin) => plugin.Problems.Count == 0
        ? plugin
        : throw new AggregateException(plugin.Problems.Select(problem => new SwarmPoolException(problem.Code, problem.Reason)));

    private static Action<string> Progress(ProgramContext context, bool json) =>
        step => (json ? context.Error : context.Screen).Line($"  {step}", Tone.Dim);
}
