using SwarmPool.Simulation.Bugs;
using SwarmPool.Simulation.Engine;
using SwarmPool.State;

namespace SwarmPool.Simulation.State;

/// <summary>What outlives a daemon: the journal's records, the newest snapshot, the cursors; and who holds the lease.</summary>
/// <remarks>It checks of itself what its handles must have seen to: that nothing is written under an old fence, and no lease given while another lives.</remarks>
internal sealed class SimDisk
{
    private readonly Dictionary<SimProcess, long> fences = [];
    private SimProcess? holder;
    private long heldUntil;
    private (SimProcess? Holder, long Until) truly; // Whatever mistakes there are in how the lease is kept.
    private int lastBatch;

    public List<JournalRecord> Records { get; } = [];

    public Dictionary<string, List<long>> Cursors { get; } = [];

    public StateSnapshot? Snapshot { get; private set; }

    /// <summary>The newest lease's.</summary>
    public long Fence { get; private set; }

    /// <summary>Who holds or last held the lease, for people; it counts only as long as the lease does.</summary>
    public JournalLeader? Leader { get; private set; }

    /// <summary>What standby daemons reported, by owner, with the tick at which it is forgotten.</summary>
    public SortedDictionary<string, (JournalFollower Follower, long Until)> Followers { get; } = new(StringComparer.Ordinal);

    public JournalHead Head => Records.Count == 0 ? JournalHead.Empty : new(Records[^1].Sequence, Records[^1].Hash);

    /// <summary>A mistake in how it is written.</summary>
    public Bug Mistake { get; set; }

    /// <summary>Sees each batch once it is durable.</summary>
    public event Action<IReadOnlyList<JournalRecord>>? Written;

    /// <summary>Hears what must not be.</summary>
    public event Action<string>? Broken;

    /// <summary>Whether a process holds the lease at a moment.</summary>
    public bool IsHeld(long now) => holder is not null && heldUntil > now;

    public bool IsHolder(SimProcess process) => holder == process;

    /// <summary>Whether a process led and another has taken the lease since.</summary>
    public bool IsReplaced(SimProcess process) => fences.TryGetValue(process, out var fence) && fence < Fence;

    /// <summary>The fence of a process's lease; 0 when it never had one.</summary>
    public long FenceOf(SimProcess process) => fences.GetValueOrDefault(process);

    /// <summary>Gives the lease, in ticks: until when by the handle's clock, and what time it is and until when truly.</summary>
    public JournalLease Grant(SimProcess process, string owner, DateTimeOffset since, long until, long now, long trulyUntil)
    {
        Require(
            truly.Holder is null || truly.Holder == process || truly.Until <= now,
            $"{owner} gets a lease while another has {TimeSpan.FromTicks(truly.Until - now).TotalSeconds:0.0} s left");
        Fence += Mistake == Bug.LeaseHasAnOldFence && Fence > 0 ? 0 : 1;
        Require(!fences.ContainsValue(Fence), $"{owner} gets the fence {Fence}, which another had");
        fences[process] = Fence;
        (holder, heldUntil) = (process, until);
        truly = (process, trulyUntil);
        Leader = new JournalLeader(Fence, owner, since);
        return new JournalLease(Fence, owner);
    }

    public void Extend(long until, long trulyUntil)
    {
        heldUntil = until;
        truly = truly with { Until = trulyUntil };
    }

    public void Free()
    {
        holder = null;
        truly = default;
    }

    /// <summary>A mistake: a lease that lives is forgotten.</summary>
    public void Forget() => holder = null;

    public void Write(IReadOnlyList<JournalRecord> batch, long fence)
    {
        RequireCurrent(fence, $"record {(batch.Count > 0 ? batch[0].Sequence : 0)} is appended");
        Records.AddRange(batch);
        lastBatch = batch.Count;
        Written?.Invoke(batch);
    }

    public void Save(StateSnapshot snapshot, long fence)
    {
        RequireCurrent(fence, "a snapshot is saved");
        Snapshot = snapshot;
    }

    public void Save(string cursor, long sequence, long fence)
    {
        RequireCurrent(fence, $"the cursor '{cursor}' is saved");
        if (!Cursors.TryGetValue(cursor, out var saved))
        {
            Cursors.Add(cursor, saved = []);
        }

        saved.Add(sequence);
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

    private void RequireCurrent(long fence, string what) => Require(fence == Fence, $"{what} under the fence {fence}, which {Fence} has replaced");

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Broken?.Invoke("store: " + otherwise);
        }
    }

    private void Cut(int records)
    {
        Records.RemoveRange(Records.Count - Math.Min(records, Records.Count), Math.Min(records, Records.Count));
        lastBatch = 0;
    }
}
