using System.CommandLine;
using SwarmPool.Programs.Client.Commands;
using SwarmPool.Programs.Running;

namespace SwarmPool.Programs.Client;

/// <summary>What <c>swarm-client</c> can do.</summary>
public static class ClientCommands
{
    /// <summary>Makes the commands.</summary>
    public static RootCommand Create(ProgramContext context) => new("Submits inference jobs to a pool and brings their outputs back, checked. Inputs and outputs are public.")
    {
        SubmitCommand.Create(context),
        CancelCommand.Create(context),
        StatusCommand.Create(context),
    };
}
