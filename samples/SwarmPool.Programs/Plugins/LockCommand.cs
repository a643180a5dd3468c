using System.CommandLine;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Trust;

namespace SwarmPool.Programs.Plugins;

/// <summary><c>plugin lock</c>: these files, and no others, are what is meant to run.</summary>
internal static class LockCommand
{
    public static Command Create(ProgramContext context, PluginHome home)
    {
        var names = new Argument<string[]>("NAME") { Description = "The plugins; none: all that the configuration uses.", Arity = ArgumentArity.ZeroOrMore };
        var strict = new Option<bool?>("--strict") { Description = "true: refuse plugins that are not as they are locked. false: only tell of them. Without it: as it is; a new lock file is strict." };
        var config = CommonOptions.Config(home.Fallback);
        var json = CommonOptions.Json("what was locked");
        var verbose = CommonOptions.Verbose();
        var command = new Command("lock", "Writes the SHA-256 of every file of the plugins to the lock file that the configuration names.") { names, strict, config, json, verbose };
        command.SetAction(parsed =>
        {
            var inventory = home.Look(context, parsed.GetValue(config));
            var before = home.LockOf(inventory);
            var chosen = Chosen(inventory, parsed.GetValue(names) ?? []);
            var locked = chosen.Select(plugin => Lock(plugin)).ToList();
            var after = locked.Aggregate(before.WithStrict(parsed.GetValue(strict) ?? before.IsStrict), (file, plugin) => file.With(plugin));
            after.Write(inventory.LockPath!);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { inventory.LockPath, strict = after.IsStrict, plugins = locked.Select(plugin => new { plugin.Name, plugin.Digest, files = plugin.Files.Count }) }));
            }
            else
            {
                PluginScreen.Locked(context.Screen, inventory.LockPath!, before, after, locked);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static IReadOnlyList<PluginReport> Chosen(PluginInventory inventory, string[] names) => names.Length > 0
        ? [.. names.Select(name => PluginHome.Find(inventory, name))]
        : [.. inventory.Plugins.Where(plugin => plugin.IsUsed)];

    // What could not be loaded anyway is not to be trusted by mistake.
    private static LockedPlugin Lock(PluginReport plugin)
    {
        var problems = PluginInventory.Inspect(plugin.Name, plugin.Folder).Problems;
        return problems.Count == 0
            ? LockedPlugin.Of(plugin.Name, plugin.Folder)
            : throw new AggregateException(problems.Select(problem => new SwarmPoolException(problem.Code, problem.Reason)));
    }
}
