using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Runtime.Collections;

/// <summary>Remembers so many keys, and so much of what they cost; the one that was new longest ago is forgotten first.</summary>
/// <param name="capacity">Keys.</param>
/// <param name="cost">What a value costs, of which there may be <paramref name="mostCost"/> in all; null: nothing.</param>
/// <param name="mostCost">The most that all values together may cost.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class BoundedCache<TKey, TValue>(int capacity, Func<TValue, long>? cost = null, long mostCost = long.MaxValue)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> values = [];
    private readonly Queue<TKey> order = new();
    private long costs;

    /// <summary>How many keys are remembered.</summary>
    public int Count => values.Count;

    /// <summary>What they cost.</summary>
    public long Costs => costs;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => values.TryGetValue(key, out value);

    public void Set(TKey key, TValue value)
    {
        var more = cost?.Invoke(value) ?? 0;
        if (values.TryGetValue(key, out var before))
        {
            costs += more - (cost?.Invoke(before) ?? 0);
            values[key] = value;
            return;
        }

        while (order.Count > 0 && (order.Count >= capacity || costs + more > mostCost))
        {
            values.Remove(order.Dequeue(), out var oldest);
            costs -= cost?.Invoke(oldest!) ?? 0;
        }

        order.Enqueue(key);
        values[key] = value;
        costs += more;
    }
}
