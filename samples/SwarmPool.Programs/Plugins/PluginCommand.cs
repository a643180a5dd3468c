using System.CommandLine;
using SwarmPool.Programs.Running;

namespace SwarmPool.Programs.Plugins;

/// <summary><c>swarmpool plugin</c>, <c>swarm-miner plugin</c> and <c>swarm-client plugin</c>: which plugins are at hand, which are trusted, and how that changes. None of it runs a plugin.</summary>
public static class PluginCommand
{
    /// <summary>Makes the commands.</summary>
    /// <param name="context">The program's surroundings.</param>
    /// <param name="home">Whose plugins they look after.</param>
    public static Command Create(ProgramContext context, PluginHome home) => new("plugin", "Looks after the plugins at hand. Nothing of a plugin runs here.")
    {
        ListCommand.Create(context, home),
        VerifyCommand.Create(context, home),
        LockCommand.Create(context, home),
        AddCommand.Create(context, home),
        RemoveCommand.Create(context, home),
    };
}
