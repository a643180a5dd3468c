using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Runtime.Collections;

/// <summary>Remembers so many keys; the one that was new longest ago is forgotten first.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> values = [];
    private readonly Queue<TKey> order = new();

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => values.TryGetValue(key, out value);

    public void Set(TKey key, TValue value)
    {
        if (!values.ContainsKey(key))
        {
            while (order.Count >= capacity)
            {
                values.Remove(order.Dequeue());
            }

            order.Enqueue(key);
        }

        values[key] = value;
    }
}
