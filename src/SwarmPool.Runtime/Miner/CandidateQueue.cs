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
    private readonly Dictionary<EnsName, int> ofClient = [];

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
        Place(lines[(int)line].AddLast(candidate));
    }

    /// <summary>Adds a job before all others; whatever stood here of it is gone.</summary>
    public void AddFirst(Candidate candidate)
    {
        Remove(candidate.Job);
        Place(lines[0].AddFirst(candidate));
    }

    /// <summary>
    /// Makes room for a job: the last of a later line goes, else the newest of the client that has most of them here, if it has more than whoever
    /// comes. False when there is none to give way.
    /// </summary>
    public bool MakeRoom(Line line, EnsName client)
    {
        var last = lines.Skip((int)line + 1).LastOrDefault(static later => later.Count > 0)?.Last ?? LastOfMost(client);
        if (last is not null)
        {
            Remove(last.Value.Job);
        }

        return last is not null;
    }

    public void Remove(Cid job)
    {
        if (byJob.Remove(job, out var node))
        {
            node.List!.Remove(node);
            if (--ofClient[ClientOf(node)] == 0)
            {
                ofClient.Remove(ClientOf(node));
            }
        }
    }

    private static EnsName ClientOf(LinkedListNode<Candidate> node) => node.Value.Client ?? default;

    private void Place(LinkedListNode<Candidate> node)
    {
        byJob[node.Value.Job] = node;
        ofClient[ClientOf(node)] = ofClient.GetValueOrDefault(ClientOf(node)) + 1;
    }

    private LinkedListNode<Candidate>? LastOfMost(EnsName client)
    {
        var (most, count) = ofClient.MaxBy(static one => one.Value);
        if (count <= ofClient.GetValueOrDefault(client) + 1)
        {
            return null;
        }

        return lines.Reverse().Select(line => LastOf(line, most)).First(static node => node is not null);

        static LinkedListNode<Candidate>? LastOf(LinkedList<Candidate> line, EnsName client)
        {
            var node = line.Last;
            while (node is not null && ClientOf(node) != client)
            {
                node = node.Previous;
            }

            return node;
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
