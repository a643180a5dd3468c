using SwarmPool.Identity;
using SwarmPool.Runtime.Collections;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>What waits to be answered: a share for each peer and, within it, for each name whose signature was checked; beside it little room for all else.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PendingReplies(TimeProvider time)
{
    /// <summary>Answers to signed messages that wait at a time; with the longest reasons and names 8 MiB.</summary>
    public const int MostSigned = 4096;

    /// <summary>Jobs that wait to be told of because of messages whose signature nobody checked.</summary>
    public const int MostUnsigned = 256;

    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly FairBuffer<Reply> signed = new(MostSigned);
    private readonly FairBuffer<(string Peer, Cid Job)> unsigned = new(MostUnsigned);
    private readonly HashSet<Cid> asked = [];
    private readonly HashSet<Cid> told = [];
    private long toldSince = time.GetTimestamp();

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return signed.Count + unsigned.Count;
            }
        }
    }

    /// <summary>False when there is no room within its peer's and its name's share.</summary>
    public bool Add(IngressMessage asked, Reply reply)
    {
        lock (gate)
        {
            return signed.TryAdd(asked.Peer, asked.Name.Text, reply, 1, []);
        }
    }

    /// <summary>False when somebody asked for the same job, or there is no room within the peer's share.</summary>
    public bool AddUnsigned(string peer, Cid job)
    {
        lock (gate)
        {
            return !asked.Contains(job) && Ask(peer, job);
        }
    }

    /// <summary>Takes all that waits, those who asked least first; but for the jobs that were told of within this second, which wait for the next.</summary>
    public IReadOnlyList<Reply> TakeAll()
    {
        lock (gate)
        {
            var all = new List<Reply>(signed.Count + unsigned.Count);
            while (signed.TryTake(out var reply))
            {
                all.Add(reply);
            }

            if (time.GetElapsedTime(toldSince) > Lately)
            {
                told.Clear();
                toldSince = time.GetTimestamp();
            }

            var later = new List<(string Peer, Cid Job)>();
            while (unsigned.TryTake(out var one))
            {
                if (told.Add(one.Job))
                {
                    all.Add(new Reply(null, null, one.Job, default));
                }
                else
                {
                    later.Add(one);
                }
            }

            asked.Clear();
            later.ForEach(one => Ask(one.Peer, one.Job));
            return all;
        }
    }

    private bool Ask(string peer, Cid job)
    {
        var lost = new List<(string Peer, Cid Job)>(0);
        var added = unsigned.TryAdd(peer, "", (peer, job), 1, lost);
        if (added)
        {
            asked.Add(job);
        }

        lost.ForEach(one => asked.Remove(one.Job));
        return added;
    }
}

/// <summary>A refusal as an announcement's type and item; or the job, or the miner, that is to be told of again.</summary>
internal readonly record struct Reply(string? Type, object? Item, Cid Job, EnsName Miner);
