namespace SwarmPool.Runtime.Listing;

/// <summary>Keeps the few with the greatest keys, and counts the rest: a list of anything, in the memory of a page.</summary>
/// <typeparam name="TItem">What is kept.</typeparam>
/// <param name="most">How many are kept.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FirstFew<TItem>(int most)
{
    private readonly PriorityQueue<TItem, long> kept = new();

    /// <summary>How many there were beyond those that are kept.</summary>
    public long More { get; private set; }

    /// <summary>Takes one into account.</summary>
    public void Offer(TItem item, long key)
    {
        kept.Enqueue(item, key);
        if (kept.Count > most)
        {
            kept.Dequeue();
            More++;
        }
    }

    /// <summary>Those that are kept, the greatest key first.</summary>
    public IReadOnlyList<TItem> InOrder() => [.. kept.UnorderedItems.OrderByDescending(static one => one.Priority).Select(static one => one.Element)];
}
