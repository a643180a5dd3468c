using System.CommandLine;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool jobs</c>: the pool's jobs and what has become of them, since it began.</summary>
internal static class JobsCommand
{
    public static Command Create(ProgramContext context)
    {
        var status = ListOptions.OneOf<JobListStatus>("--status", "Only jobs that stand there.");
        var client = ListOptions.Name("--client", "Only this client's jobs.");
        var miner = ListOptions.Name("--miner", "Only jobs that this miner has, did or tried.");
        var model = new Option<string?>("--model") { Description = "Only jobs for this model.", HelpName = "MODEL" };
        var before = new Option<long?>("--before") { Description = "Only jobs with lower numbers, to go on where a list ended.", HelpName = "NUMBER" };
        var range = new ListOptions("accepted", "jobs");
        var command = new Command("jobs", "Lists the pool's jobs by its journal, the newest first, beside a running daemon.") { status, client, miner, model, before };
        range.AddTo(command);
        return JournalList.Of(
            command,
            context,
            "the jobs",
            (parsed, journal, progress, stop) => JobList.ReadAsync(
                journal,
                new JobListFilter
                {
                    Status = ListOptions.Value<JobListStatus>(parsed, status),
                    Client = ListOptions.Name(parsed, client),
                    Miner = ListOptions.Name(parsed, miner),
                    Model = parsed.GetValue(model),
                    Before = parsed.GetValue(before),
                    Range = range.Read(parsed),
                },
                progress,
                stop),
            JobListScreen.Show);
    }
}
