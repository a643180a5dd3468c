using System.Collections.Concurrent;
using SwarmPool.Transport;

namespace Company.Plugin1;

/// <summary>A network that lives in this process. Put yours in its place: a broker, a mesh, a cable.</summary>
internal sealed class LocalNetwork
{
    private static readonly ConcurrentDictionary<string, LocalNetwork> Networks = new(StringComparer.Ordinal);
    private int joined;

    public ConcurrentDictionary<Cid, byte[]> Contents { get; } = new();

    public ConcurrentDictionary<string, Cid> Pointers { get; } = new(StringComparer.Ordinal);

    /// <summary>All parties' subscriptions. A transport over a broker has a <see cref="TopicMultiplexer"/> in its place, which subscribes there once a topic.</summary>
    public SubscriptionTable Subscriptions { get; } = new();

    public static LocalNetwork Named(string name) => Networks.GetOrAdd(name, _ => new LocalNetwork());

    /// <summary>A name for who joins, which others are told as the sender.</summary>
    public string Join() => $"party-{Interlocked.Increment(ref joined)}";
}
