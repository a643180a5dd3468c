using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>A list of jobs, for people.</summary>
public static class JobListScreen
{
    private static readonly TableColumn[] Columns =
    [
        new("NUMBER", IsNumber: true), new("ACCEPTED"), new("STATUS"), new("CLIENT"), new("MODEL"), new("USDC", IsNumber: true), new("MINER"), new("JOB"),
    ];

    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, JobList list)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(list);
        ListScreen.Show(terminal, Columns, [.. list.Jobs.Select(Row)], list.More, "job", list.Jobs.Count == 0 ? "" : $"--before {list.Jobs[^1].Number}, or a larger --limit");
    }

    private static IReadOnlyList<string> Row(ListedJob job) =>
    [
        $"{job.Number}", Times.Iso(job.AcceptedAt), StatusOf(job), job.Client.Text, job.Model, job.Price.ToString(), string.Join(" ", job.Miners), job.Cid.ToString(),
    ];

    private static string StatusOf(ListedJob job) => job.Status switch
    {
        JobListStatus.Decided => $"decided in {job.EpochId}",
        JobListStatus.Failed => $"failed: {job.Reason}",
        _ => job.Status.ToString().ToLowerInvariant(),
    };
}
