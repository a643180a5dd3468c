using System.Globalization;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Client;

/// <summary>What a pool says of a job that waits, in words: how many miners could do it, why no more, its place, and for how long it may wait.</summary>
internal static class WaitingText
{
    /// <summary>The steps that an announcement tells of: that it waits, and where it stands if the pool was asked.</summary>
    public static IEnumerable<JobProgress> StepsOf(JobNewItem item)
    {
        yield return item.Miners == 0
            ? new JobProgress(JobStage.NoMiner, NoMiner(item), item.Attempt) { Match = item.Match }
            : new JobProgress(JobStage.Waiting, $"The pool has the job; {item.Miners} miners {(item.Match is null ? $"offer {item.Model}" : "could do it")}.{Why(item)}", item.Attempt) { Match = item.Match };
        if (item.Queue is { } queue)
        {
            yield return new JobProgress(JobStage.Queued, Queued(item, queue), item.Attempt) { Match = item.Match, Queue = queue };
        }
    }

    private static string NoMiner(JobNewItem item) => item.Match is null
        ? $"No registered miner offers the model {item.Model} yet; the job waits."
        : $"No registered miner can do the job now, so it waits: {NeedsText.Of(item.Match, item.Needs, item.Reward)}.";

    // Said again beside the place: why none, or, where some could, why not all.
    private static string Queued(JobNewItem item, JobQueue queue) => string.Create(
        CultureInfo.InvariantCulture,
        $"Place {queue.Place} of the jobs that wait for {item.Model}{(item.Miners == 0 ? "" : queue.WaitSeconds is { } wait ? $"; about {Lasting(wait)} until a miner begins it" : "; no miner has measured how long one takes")}.{(item.Miners == 0 ? $" {NoMiner(item)}" : Why(item))}");

    private static string Why(JobNewItem item) => item.Match is { } match ? $" {NeedsText.Of(match, item.Needs, item.Reward)}." : "";

    private static string Lasting(long seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{(seconds + 59) / 60} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(seconds + 3599) / 3600} h"),
    };
}
