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
        new("NUMBER", IsNumber: true), new("ACCEPTED"), new("STATUS"), new("USDC", IsNumber: true), new("MODEL"), new("CLIENT"), new("MINER"), new("OUTCOME"), new("JOB"),
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
        $"{job.Number}", Times.Iso(job.AcceptedAt), job.Status.ToString().ToLowerInvariant(), job.Price.ToString(), job.Model, job.Client.Text, string.Join(" ", job.Miners),
        job.EpochId ?? (job.Status == JobListStatus.Failed ? job.Reason! : ""), job.Cid.ToString(),
    ];
}
