using SwarmPool.State;

namespace SwarmPool.Simulation.State;

/// <summary>What outlives a daemon: the journal's records, the newest snapshot, the cursors, and who holds the lease.</summary>
internal sealed class SimDisk
{
    public List<JournalRecord> Records { get; } = [];

    public Dictionary<string, List<long>> Cursors { get; } = [];

    public StateSnapshot? Snapshot { get; set; }

    public long Fence { get; set; }

    /// <summary>Ticks of virtual time until which the lease is another's.</summary>
    public long HeldUntil { get; set; }

    public string? Holder { get; set; }

    /// <summary>Who holds the lease, for people; it counts only as long as the lease does.</summary>
    public JournalLeader? Leader { get; set; }

    /// <summary>What standby daemons reported, by owner, with the tick at which it is forgotten.</summary>
    public SortedDictionary<string, (JournalFollower Follower, long Until)> Followers { get; } = new(StringComparer.Ordinal);

    public JournalHead Head => Records.Count == 0 ? JournalHead.Empty : new(Records[^1].Sequence, Records[^1].Hash);

    /// <summary>A mistake: whoever once had the lease may write.</summary>
    public bool ForgetsFences { get; set; }

    /// <summary>Sees each batch once it is durable.</summary>
    public event Action<IReadOnlyList<JournalRecord>>? Written;

    private int lastBatch;

    public void Write(IReadOnlyList<JournalRecord> batch)
    {
        Records.AddRange(batch);
        lastBatch = batch.Count;
        Written?.Invoke(batch);
    }

    /// <summary>What a crash may do to what need not be durable: a cursor is an older one.</summary>
    public void Crash(Func<int, int> choose)
    {
        foreach (var saved in Cursors.Values)
        {
            var lost = choose(Math.Min(saved.Count, 3));
            saved.RemoveRange(saved.Count - lost, lost);
        }
    }

    /// <summary>A mistake: the last batch was answered before it was durable.</summary>
    public void LoseLast() => Cut(lastBatch);

    /// <summary>A mistake: of the last batch only the first record is kept.</summary>
    public void TearLast() => Cut(Math.Max(0, lastBatch - 1));

    private void Cut(int records)
    {
        Records.RemoveRange(Records.Count - Math.Min(records, Records.Count), Math.Min(records, Records.Count));
        lastBatch = 0;
    }
}
