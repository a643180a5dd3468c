using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>The jobs that could be tried: line by line, in each the one seen first coming first. One entry a job.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class CandidateQueue
{
    private readonly LinkedList<Candidate>[] lines = [.. Enum.GetValues<Line>().Select(static _ => new LinkedList<Candidate>())];
    private readonly Dictionary<Cid, LinkedListNode<Candidate>> byJob = [];

    public int Count => byJob.Count;

    public bool TryGet(Cid job, [NotNullWhen(true)] out Candidate? candidate)
    {
        candidate = byJob.TryGetValue(job, out var node) ? node.Value : null;
        return candidate is not null;
    }

    /// <summary>Adds a job at its line's end; whatever stood here of it is gone.</summary>
    public void AddLast(Candidate candidate, Line line)
    {
        Remove(candidate.Job);
        byJob[candidate.Job] = lines[(int)line].AddLast(candidate);
    }

    /// <summary>Adds a job before all others; whatever stood here of it is gone.</summary>
    public void AddFirst(Candidate candidate)
    {
        Remove(candidate.Job);
        byJob[candidate.Job] = lines[0].AddFirst(candidate);
    }

    /// <summary>Makes room for a job of a line by dropping the last of a later line; false when there is none.</summary>
    public bool MakeRoom(Line line)
    {
        for (var at = lines.Length - 1; at > (int)line; at--)
        {
            if (lines[at].Last is { } last)
            {
                Remove(last.Value.Job);
                return true;
            }
        }

        return false;
    }

    public void Remove(Cid job)
    {
        if (byJob.Remove(job, out var node))
        {
            node.List!.Remove(node);
        }
    }

    /// <summary>Takes the first job that can be tried now; drops on the way those whose deadline has passed.</summary>
    /// <param name="now">Unix ms by the pool's clock.</param>
    /// <param name="isBusy">Whether somebody here is at the job already.</param>
    /// <param name="next">Without one: when the next can be tried, unix ms; null when nothing waits for a time.</param>
    public Candidate? TryTake(long now, Func<Cid, bool> isBusy, out long? next)
    {
        next = null;
        foreach (var line in lines)
        {
            for (var node = line.First; node is not null;)
            {
                var (candidate, following) = (node.Value, node.Next);
                if (candidate.Deadline * 1000 <= now)
                {
                    Remove(candidate.Job);
                }
                else if (candidate.NotBefore > now)
                {
                    next = Math.Min(next ?? long.MaxValue, candidate.NotBefore);
                }
                else if (!isBusy(candidate.Job))
                {
                    Remove(candidate.Job);
                    return candidate;
                }

                node = following;
            }
        }

        return null;
    }
}

/// <summary>A job that could be worked on: one to race for, or one that the pool already gave to this miner.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Deadline">Unix seconds.</param>
/// <param name="Held">The claim, when the pool gave it to this miner already (an answer that came late, or a run before this one).</param>
internal sealed record Candidate(Cid Job, int Attempt, long Deadline, ClaimAcceptedItem? Held = null)
{
    /// <summary>Whose job it is, where that was heard.</summary>
    public EnsName? Client { get; init; }

    /// <summary>Unix ms by the pool's clock: no use to claim before.</summary>
    public long NotBefore { get; init; }
}
