namespace SwarmPool.Core.Pool;

/// <summary>
/// What becomes due when, by (time, fence, job): a total order, so that the order of insertion does not matter.
/// Entries are not removed when they are overtaken (a renewed lease, a finished job): they are dropped when they come to the top.
/// </summary>
internal sealed class DueQueue
{
    private readonly PriorityQueue<DueEntry, DueEntry> queue = new(DueEntry.Order);

    public void Add(long dueMs, long job, long fence)
    {
        var entry = new DueEntry(dueMs, job, fence);
        queue.Enqueue(entry, entry);
    }

    /// <summary>Drops overtaken entries from the top; afterwards <see cref="TryPeek"/> shows a live one.</summary>
    public void Prune(Func<DueEntry, bool> isLive)
    {
        while (queue.TryPeek(out var entry, out _) && !isLive(entry))
        {
            queue.Dequeue();
        }
    }

    public bool TryPeek(out DueEntry entry) => queue.TryPeek(out entry, out _);
}

/// <param name="Job">The job's number: a third of its CID's size, and ordered without looking at bytes.</param>
/// <param name="Fence">The lease that ends; 0: the job's deadline or the time to forget it.</param>
internal readonly record struct DueEntry(long DueMs, long Job, long Fence)
{
    /// <summary>In place of a fence: the time to look for checkers again.</summary>
    public const long Checkers = -1;

    public static IComparer<DueEntry> Order { get; } = Comparer<DueEntry>.Create(static (a, b) =>
    {
        var due = a.DueMs.CompareTo(b.DueMs);
        if (due != 0)
        {
            return due;
        }

        var fence = a.Fence.CompareTo(b.Fence);
        return fence != 0 ? fence : a.Job.CompareTo(b.Job);
    });
}
