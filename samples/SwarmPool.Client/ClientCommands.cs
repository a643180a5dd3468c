using System.CommandLine;
using SwarmPool.Programs.Client.Commands;
using SwarmPool.Programs.Delegating;
using SwarmPool.Programs.Plugins;
using SwarmPool.Programs.Running;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Client;

/// <summary>What <c>swarm-client</c> can do.</summary>
public static class ClientCommands
{
    /// <summary>Makes the commands.</summary>
    public static RootCommand Create(ProgramContext context) => new("Submits inference jobs to a pool and brings their outputs back, checked. Inputs and outputs are public.")
    {
        SubmitCommand.Create(context),
        GetCommand.Create(context),
        CancelCommand.Create(context),
        PoolStatusCommand.Create(context),
        AuditCommand.Create(context),
        PluginCommand.Create(context, ClientComposition.Plugins),
        DelegateCommand.Create(context, new DelegatingRole(
            DelegationRoles.Client,
            "swarm-client",
            "client_ens",
            "submit jobs that you pay for, and take them back",
            "spend more than that, delegate further, or outlast that time",
            $"{ClientComposition.File} in the current folder, else a pool on this machine",
            ClientComposition.Compose)),
    };
}
