using System.Collections.Concurrent;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// Which topics clients of the broker may use: no patterns, no system's topics, and once the process that runs the broker listens to a pool,
/// that pool's alone. Where it is the pool's daemon, which is who listens for jobs, they publish only where it listens: what strangers say goes
/// to the daemon, and what the daemon says comes from it alone.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BrokerTopics(Func<IReadOnlyCollection<string>> heard)
{
    private const int MaxChars = 512;

    private readonly ConcurrentDictionary<string, bool> pools = new(StringComparer.Ordinal);

    /// <summary>The process that runs the broker speaks or listens here: the topic's pool is one of its own.</summary>
    public void Own(string topic) => pools.TryAdd(PoolOf(topic), true);

    public bool MaySubscribe(string? topic) => IsTopic(topic) && (pools.IsEmpty || pools.ContainsKey(PoolOf(topic!)));

    public bool MayPublish(string? topic) => MaySubscribe(topic) && (!heard().Contains(PoolOf(topic!) + "/jobs") || heard().Contains(topic));

    private static bool IsTopic(string? topic) =>
        topic is { Length: > 0 and <= MaxChars } && topic[0] != '$' && topic.AsSpan().IndexOfAny("+#\0") < 0;

    // "/swarmpool.eth" of "/swarmpool.eth/claims/accepted".
    private static string PoolOf(string topic)
    {
        var end = topic.IndexOf('/', Math.Min(1, topic.Length));
        return end < 0 ? topic : topic[..end];
    }
}
