using System.CommandLine;
using SwarmPool.Programs.Daemon.Commands;
using SwarmPool.Programs.Delegating;
using SwarmPool.Programs.Plugins;
using SwarmPool.Programs.Running;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Daemon;

/// <summary>What <c>swarmpool</c> can do.</summary>
public static class DaemonCommands
{
    /// <summary>Makes the commands.</summary>
    public static RootCommand Create(ProgramContext context) => new("Runs a pool for AI inference jobs: signed snapshots in, a replayable journal, sealed epochs out.")
    {
        InitCommand.Create(context),
        RunCommand.Create(context),
        DaemonStatusCommand.Create(context),
        JobsCommand.Create(context),
        MinersCommand.Create(context),
        NameCommand.Create(context),
        EpochCommand.Create(context),
        JournalCommand.Create(context),
        PluginCommand.Create(context, DaemonComposition.Plugins),
        DelegateCommand.Create(context, new DelegatingRole(
            DelegationRoles.Pool,
            "swarmpool",
            "pool_ens",
            "decide as the pool: sign announcements, states and sealed epochs",
            "delegate further, or outlast that time; until then it is the pool's word, on payouts too",
            $"{DaemonComposition.File} in the current folder",
            DaemonComposition.Compose)),
    };
}
