using System.CommandLine;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool epoch list</c>: the pool's epochs, with the CIDs by which they are audited.</summary>
internal static class EpochListCommand
{
    public static Command Create(ProgramContext context)
    {
        var status = ListOptions.OneOf<EpochListStatus>("--status", "Only epochs that stand there.");
        var range = new ListOptions("begun", "epochs");
        var command = new Command("list", "Lists the pool's epochs by its journal, the newest first, beside a running daemon.") { status };
        range.AddTo(command);
        return JournalList.Of(
            command,
            context,
            "the epochs",
            (parsed, journal, progress, stop) => EpochList.ReadAsync(
                journal, new EpochListFilter { Status = ListOptions.Value<EpochListStatus>(parsed, status), Range = range.Read(parsed) }, progress, stop),
            EpochListScreen.Show);
    }
}
