using System.CommandLine;
using SwarmPool.Programs.Running;

namespace SwarmPool.Programs.Daemon.Commands.Plugins;

/// <summary><c>swarmpool plugin</c>: which plugins are at hand, which are trusted, and how that changes. None of it runs a plugin.</summary>
internal static class PluginCommand
{
    public static Command Create(ProgramContext context) => new("plugin", "Looks after the plugins at hand. Nothing of a plugin runs here.")
    {
        ListCommand.Create(context),
        VerifyCommand.Create(context),
        LockCommand.Create(context),
        AddCommand.Create(context),
        RemoveCommand.Create(context),
    };
}
