using System.CommandLine;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool miners</c>: who is registered, and what each did since it registered first.</summary>
internal static class MinersCommand
{
    public static Command Create(ProgramContext context)
    {
        var status = ListOptions.OneOf<MinerListStatus>("--status", "Only miners that do this.");
        var miner = ListOptions.Name("--miner", "Only this miner.");
        var model = new Option<string?>("--model") { Description = "Only miners that offer this model.", HelpName = "MODEL" };
        var range = new ListOptions("last at work (registered, claimed or proved)", "miners");
        var command = new Command("miners", "Lists the registered miners by the pool's journal, who did something last first, beside a running daemon.") { status, miner, model };
        range.AddTo(command);
        return JournalList.Of(
            command,
            context,
            "the miners",
            (parsed, journal, progress, stop) => MinerList.ReadAsync(
                journal,
                new MinerListFilter
                {
                    Status = ListOptions.Value<MinerListStatus>(parsed, status),
                    Miner = ListOptions.Name(parsed, miner),
                    Model = parsed.GetValue(model),
                    Range = range.Read(parsed),
                },
                progress,
                stop),
            MinerListScreen.Show);
    }
}
