using System.CommandLine;
using SwarmPool.Programs.Delegating;
using SwarmPool.Programs.Miner.Commands;
using SwarmPool.Programs.Miner.Commands.Models;
using SwarmPool.Programs.Plugins;
using SwarmPool.Programs.Running;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Miner;

/// <summary>What <c>swarm-miner</c> can do.</summary>
public static class MinerCommands
{
    /// <summary>Makes the commands.</summary>
    public static RootCommand Create(ProgramContext context) => new("Mines in a pool: claims inference jobs, runs them, proves them, is paid by sealed epochs.")
    {
        MineCommand.Create(context),
        MinerStatusCommand.Create(context),
        EarningsCommand.Create(context),
        PluginCommand.Create(context, MinerComposition.Plugins),
        ModelsCommand.Create(context),
        DelegateCommand.Create(context, new DelegatingRole(
            DelegationRoles.Miner,
            "swarm-miner",
            "miner_ens",
            "register, send heartbeats, claim jobs and prove them in your name",
            "change where you are paid, delegate further, or outlast that time",
            $"{MinerComposition.File} in the current folder, else a pool on this machine",
            MinerComposition.Compose)),
    };
}
