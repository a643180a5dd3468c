using System.Text.Json.Serialization;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Listing;

/// <summary>Where a listed job stands.</summary>
public enum JobListStatus
{
    /// <summary>It waits for a miner.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting = 0,

    /// <summary>A miner works on it.</summary>
    [JsonStringEnumMemberName("claimed")]
    Claimed,

    /// <summary>It is done, and is paid with its epoch.</summary>
    [JsonStringEnumMemberName("decided")]
    Decided,

    /// <summary>It will not be done; nobody pays.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its deadline passed; nobody pays.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>Its client took it back; nobody pays.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>Which jobs are listed: those of which all of it is true.</summary>
public sealed record JobListFilter
{
    /// <summary>Where they stand; null: anywhere.</summary>
    public JobListStatus? Status { get; init; }

    /// <summary>Whose they are; null: anybody's.</summary>
    public EnsName? Client { get; init; }

    /// <summary>Who has, did or tried them; null: anybody or nobody.</summary>
    public EnsName? Miner { get; init; }

    /// <summary>The model that they ask for; null: any.</summary>
    public string? Model { get; init; }

    /// <summary>Only jobs with lower numbers, to go on where a list ended; null: all.</summary>
    public long? Before { get; init; }

    /// <summary>When they were accepted, and how many.</summary>
    public ListRange Range { get; init; } = new();
}

/// <summary>A job of a list.</summary>
/// <param name="Number">Its number in the pool, from 1, in the order of acceptance.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Client">Whose it is.</param>
/// <param name="JobType">The kind of job.</param>
/// <param name="Model">The model that it asks for.</param>
/// <param name="Price">What it pays when it is decided.</param>
/// <param name="AcceptedAt">Unix milliseconds, UTC.</param>
/// <param name="Deadline">Unix milliseconds, UTC.</param>
/// <param name="Attempt">The attempt that waits, runs or was the last, from 1.</param>
/// <param name="Miners">Who has it or did it, in the order of their claims.</param>
/// <param name="Reason">Why it failed or expired; else null.</param>
/// <param name="EpochId">The epoch that it counts in; null unless decided.</param>
/// <param name="EndedAt">When it was decided, failed, expired or was taken back, unix milliseconds, UTC; null while it is open.</param>
public sealed record ListedJob(
    long Number, Cid Cid, JobListStatus Status, EnsName Client, string JobType, string Model, Usdc Price, long AcceptedAt, long Deadline, int Attempt,
    IReadOnlyList<EnsName> Miners, string? Reason, string? EpochId, long? EndedAt);

/// <summary>A pool's jobs, the newest first, by its journal.</summary>
/// <param name="Jobs">Those that are shown.</param>
/// <param name="More">How many older ones there are beyond those.</param>
/// <param name="Records">How many records were read.</param>
public sealed record JobList(IReadOnlyList<ListedJob> Jobs, long More, long Records)
{
    /// <summary>
    /// Reads the whole journal once. Takes no lease, so it works while a daemon writes. Memory: the jobs that are open at one time and pass the
    /// filter, and those that are shown; however many there ever were.
    /// </summary>
    /// <param name="journal">The pool's journal.</param>
    /// <param name="filter">Which jobs.</param>
    /// <param name="progress">Is told how many records were read; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">There is no journal, or it can't be read.</exception>
    /// <exception cref="SwarmPoolException">SP4003: its records don't chain.</exception>
    public static async Task<JobList> ReadAsync(IPoolJournal journal, JobListFilter filter, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(filter);
        var fold = new JobFold(filter);
        var records = 0L;
        await foreach (var (record, _) in JournalWalk.ReadAsync(journal, progress, cancellationToken))
        {
            fold.Apply(record);
            records = record.Sequence;
        }

        var found = fold.End();
        return new JobList(found.InOrder(), found.More, records);
    }
}
