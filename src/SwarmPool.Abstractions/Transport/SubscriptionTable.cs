namespace SwarmPool.Transport;

/// <summary>Who subscribes to which topic, for transports that hand a message to each of them.</summary>
/// <remarks>Thread-safe; delivering takes no lock and waits for nobody.</remarks>
public sealed class SubscriptionTable
{
    private readonly Lock gate = new();
    private volatile Dictionary<string, SubscriptionQueue[]> topics = new(StringComparer.Ordinal);

    /// <summary>The topics that somebody subscribes to, as they are now.</summary>
    public IReadOnlyCollection<string> Topics => topics.Keys;

    /// <summary>All subscriptions, as they are now.</summary>
    public IReadOnlyList<SubscriptionQueue> Subscriptions => [.. topics.Values.SelectMany(static subscribers => subscribers)];

    /// <summary>Adds a subscription to its topic.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <returns>How many the topic has now.</returns>
    public int Add(SubscriptionQueue subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return Change(subscription.Topic, subscribers => [.. subscribers, subscription]);
    }

    /// <summary>Takes a subscription from its topic; does nothing when it is not there.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <returns>How many the topic has now; 0 when it was the last.</returns>
    public int Remove(SubscriptionQueue subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return Change(subscription.Topic, subscribers => [.. subscribers.Where(one => one != subscription)]);
    }

    /// <summary>Hands a copy of a message to each subscription of its topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="payload">The message.</param>
    /// <param name="peer">Who handed it to us, in the transport's own terms; empty when it can't tell.</param>
    public void Deliver(string topic, ReadOnlySpan<byte> payload, string peer)
    {
        if (topics.TryGetValue(topic, out var subscribers))
        {
            foreach (var subscriber in subscribers)
            {
                subscriber.Deliver(payload, peer);
            }
        }
    }

    private int Change(string topic, Func<SubscriptionQueue[], SubscriptionQueue[]> change)
    {
        lock (gate)
        {
            var subscribers = change(topics.GetValueOrDefault(topic) ?? []);
            var changed = new Dictionary<string, SubscriptionQueue[]>(topics, StringComparer.Ordinal);
            if (subscribers.Length == 0)
            {
                changed.Remove(topic);
            }
            else
            {
                changed[topic] = subscribers;
            }

            topics = changed;
            return subscribers.Length;
        }
    }
}
