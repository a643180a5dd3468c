using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// The jobs that could be tried: line by line, in each the one seen first coming first, whoever has had it since. One entry a job. Whose jobs
/// could not be done here goes to a later line with all that waits of it, however many there are.
/// </summary>
/// <param name="clients">Tells in which line a client's jobs wait, as of now.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class CandidateQueue(ClientHistory clients)
{
    private static readonly Comparer<Candidate> ByPlace = Comparer<Candidate>.Create(static (a, b) => a.Place.CompareTo(b.Place));

    private readonly SortedSet<Candidate>[] lines = [.. Enum.GetValues<Line>().Select(static _ => new SortedSet<Candidate>(ByPlace))];
    private readonly Dictionary<Cid, (Candidate Candidate, SortedSet<Candidate> Line)> byJob = [];
    private readonly Dictionary<EnsName, int> ofClient = [];
    private long before;

    /// <summary>What came of the jobs of each client.</summary>
    public ClientHistory Clients => clients;

    public int Count => byJob.Count;

    public bool TryGet(Cid job, [NotNullWhen(true)] out Candidate? candidate)
    {
        candidate = byJob.TryGetValue(job, out var found) ? found.Candidate : null;
        return candidate is not null;
    }

    /// <summary>Adds a job at its place in its client's line; whatever stood here of it is gone.</summary>
    public void Add(Candidate candidate)
    {
        Remove(candidate.Job);
        Put(candidate, candidate.Client is { } client ? clients.LineOf(client) : Line.New);
    }

    /// <summary>Adds a job before all others; whatever stood here of it is gone.</summary>
    public void AddFirst(Candidate candidate)
    {
        Remove(candidate.Job);
        Put(candidate with { Place = --before }, Line.Known);
    }

    /// <summary>
    /// Makes room for a job: the last of a later line goes, else the newest of the client that has most of them here, if it has more than whoever
    /// comes. False when there is none to give way.
    /// </summary>
    public bool MakeRoom(EnsName client)
    {
        var last = lines.Skip((int)clients.LineOf(client) + 1).LastOrDefault(static later => later.Count > 0)?.Max ?? LastOfMost(client);
        if (last is not null)
        {
            Remove(last.Job);
        }

        return last is not null;
    }

    public void Remove(Cid job)
    {
        if (byJob.Remove(job, out var found))
        {
            found.Line.Remove(found.Candidate);
            if (--ofClient[ClientOf(found.Candidate)] == 0)
            {
                ofClient.Remove(ClientOf(found.Candidate));
            }
        }
    }

    /// <summary>Removes all jobs that are as said.</summary>
    public void RemoveWhere(Predicate<Candidate> isGone)
    {
        foreach (var candidate in byJob.Values.Select(static one => one.Candidate).Where(one => isGone(one)).ToList())
        {
            Remove(candidate.Job);
        }
    }

    private static EnsName ClientOf(Candidate candidate) => candidate.Client ?? default;

    private void Put(Candidate candidate, Line line)
    {
        lines[(int)line].Add(candidate);
        byJob[candidate.Job] = (candidate, lines[(int)line]);
        ofClient[ClientOf(candidate)] = ofClient.GetValueOrDefault(ClientOf(candidate)) + 1;
    }

    private Candidate? LastOfMost(EnsName client)
    {
        var (most, count) = ofClient.MaxBy(static one => one.Value);
        return count <= ofClient.GetValueOrDefault(client) + 1
            ? null
            : lines.Reverse().SelectMany(static line => line.Reverse()).First(candidate => ClientOf(candidate) == most);
    }

    /// <summary>Takes the first job that can be tried now; drops on the way those whose deadline has passed.</summary>
    /// <param name="now">Unix ms by the pool's clock.</param>
    /// <param name="isBusy">Whether somebody here is at the job already.</param>
    /// <param name="next">Without one: when the next can be tried, unix ms; null when nothing waits for a time.</param>
    public Candidate? TryTake(long now, Func<Cid, bool> isBusy, out long? next)
    {
        next = null;
        for (var line = Line.Known; (int)line < lines.Length; line++)
        {
            if (TryTake(line, now, isBusy, ref next) is { } candidate)
            {
                return candidate;
            }
        }

        return null;
    }

    private Candidate? TryTake(Line line, long now, Func<Cid, bool> isBusy, ref long? next)
    {
        Candidate? taken = null;
        List<Candidate>? gone = null;
        foreach (var candidate in lines[(int)line])
        {
            if (candidate.Deadline * 1000 <= now || IsLater(candidate, line))
            {
                (gone ??= []).Add(candidate);
            }
            else if (candidate.NotBefore > now)
            {
                next = Math.Min(next ?? long.MaxValue, candidate.NotBefore);
            }
            else if (!isBusy(candidate.Job))
            {
                taken = candidate;
                break;
            }
        }

        foreach (var candidate in gone ?? [])
        {
            Remove(candidate.Job);
            if (candidate.Deadline * 1000 > now)
            {
                Add(candidate);
            }
        }

        if (taken is not null)
        {
            Remove(taken.Job);
        }

        return taken;
    }

    // What stands before all others stays there.
    private bool IsLater(Candidate candidate, Line line) => candidate is { Place: >= 0, Client: { } client } && clients.LineOf(client) > line;
}

/// <summary>A job that could be worked on: one to race for, or one that the pool already gave to this miner.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Deadline">Unix seconds.</param>
/// <param name="Held">The claim, when the pool gave it to this miner already (an answer that came late, or a run before this one).</param>
internal sealed record Candidate(Cid Job, int Attempt, long Deadline, ClaimAcceptedItem? Held = null)
{
    /// <summary>The check that it is; null for a job to be done for its client.</summary>
    public CheckNewItem? Check { get; init; }

    /// <summary>Whose job it is, where that was heard.</summary>
    public EnsName? Client { get; init; }

    /// <summary>What it asks for, by <see cref="JobFilter.KeyOf"/>, where that was heard.</summary>
    public string? Model { get; init; }

    /// <summary>Unix ms by the pool's clock: no use to claim before.</summary>
    public long NotBefore { get; init; }

    /// <summary>How many jobs were seen here before this one; below 0 before all others. No two have the same.</summary>
    public long Place { get; init; }
}
