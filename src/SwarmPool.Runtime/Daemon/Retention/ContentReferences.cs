using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Retention;

/// <summary>
/// What the jobs that are not settled use and others may use too: their inputs, and the delegations that they and their proofs came by.
/// It is wanted as long as one of them is open.
/// </summary>
/// <remarks>Thread-safe. Knows the jobs that this daemon accepted, and those that it is told of after a restart.</remarks>
internal sealed class ContentReferences
{
    private readonly Lock gate = new();
    private readonly Dictionary<Cid, Used> byJob = [];
    private readonly Dictionary<Cid, int> references = [];

    /// <summary>All that a job itself references.</summary>
    public void AddJob(Cid job, params ReadOnlySpan<Cid> used)
    {
        lock (gate)
        {
            Of(job).IsWhole = true;
            foreach (var cid in used)
            {
                Add(job, cid);
            }
        }
    }

    /// <summary>Something that came to be used with a job, as by a proof of it.</summary>
    /// <returns>True when nothing else wanted it.</returns>
    public bool Add(Cid job, Cid used)
    {
        lock (gate)
        {
            if (!Of(job).Cids.Add(used))
            {
                return false;
            }

            var before = references.GetValueOrDefault(used);
            references[used] = before + 1;
            return before == 0;
        }
    }

    /// <summary>Takes a job out: what it used, and whether that is all the job itself does.</summary>
    public (IReadOnlyCollection<Cid> Used, bool IsWhole) Remove(Cid job)
    {
        lock (gate)
        {
            if (!byJob.Remove(job, out var used))
            {
                return ([], false);
            }

            foreach (var cid in used.Cids)
            {
                if (--references[cid] == 0)
                {
                    references.Remove(cid);
                }
            }

            return (used.Cids, used.IsWhole);
        }
    }

    public bool IsWanted(Cid cid)
    {
        lock (gate)
        {
            return references.ContainsKey(cid);
        }
    }

    private Used Of(Cid job)
    {
        if (!byJob.TryGetValue(job, out var used))
        {
            byJob.Add(job, used = new Used());
        }

        return used;
    }

    private sealed class Used
    {
        public HashSet<Cid> Cids { get; } = [];

        public bool IsWhole { get; set; }
    }
}
