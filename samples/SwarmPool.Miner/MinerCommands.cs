using System.CommandLine;
using SwarmPool.Programs.Miner.Commands;
using SwarmPool.Programs.Running;

namespace SwarmPool.Programs.Miner;

/// <summary>What <c>swarm-miner</c> can do.</summary>
public static class MinerCommands
{
    /// <summary>Makes the commands.</summary>
    public static RootCommand Create(ProgramContext context) => new("Mines in a pool: claims inference jobs, runs them, proves them, is paid by sealed epochs.")
    {
        MineCommand.Create(context),
        StatusCommand.Create(context),
    };
}
