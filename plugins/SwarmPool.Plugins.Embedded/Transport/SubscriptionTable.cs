using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport;

/// <summary>Who listens to which topic. Thread-safe; delivery takes no lock.</summary>
internal sealed class SubscriptionTable
{
    private readonly Lock gate = new();
    private volatile Dictionary<string, SubscriptionQueue[]> topics = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Topics => topics.Keys;

    public void Add(SubscriptionQueue subscription) =>
        Change(subscription.Topic, listeners => [.. listeners, subscription]);

    /// <summary>True when nobody listens to the topic any more.</summary>
    public bool Remove(SubscriptionQueue subscription) =>
        Change(subscription.Topic, listeners => [.. listeners.Where(one => one != subscription)]) == 0;

    /// <summary>Hands a copy to each listener, for a payload belongs to its receiver.</summary>
    public void Deliver(string topic, ReadOnlySpan<byte> payload, string peer)
    {
        if (topics.TryGetValue(topic, out var listeners))
        {
            foreach (var listener in listeners)
            {
                listener.Deliver(payload, peer);
            }
        }
    }

    public SubscriptionQueue[] All() => [.. topics.Values.SelectMany(listeners => listeners)];

    private int Change(string topic, Func<SubscriptionQueue[], SubscriptionQueue[]> change)
    {
        lock (gate)
        {
            var listeners = change(topics.GetValueOrDefault(topic) ?? []);
            var changed = new Dictionary<string, SubscriptionQueue[]>(topics, StringComparer.Ordinal);
            if (listeners.Length == 0)
            {
                changed.Remove(topic);
            }
            else
            {
                changed[topic] = listeners;
            }

            topics = changed;
            return listeners.Length;
        }
    }
}
