using System.Collections.Concurrent;
using SwarmPool.Transport;

namespace SwarmPool.Load.Wire;

/// <summary>
/// A network in memory that carries bytes, so that a run measures the daemon and no broker. Messages are not copied:
/// nobody here writes into what it was handed.
/// </summary>
/// <param name="contentsKept">How many contents are kept, the newest ones: they are a node's memory, not the daemon's.</param>
internal sealed class MemoryNet(int contentsKept)
{
    private readonly ConcurrentDictionary<string, MemorySubscription> daemon = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Cid, ReadOnlyMemory<byte>> contents = new();
    private readonly ConcurrentQueue<Cid> order = new();
    private readonly ConcurrentDictionary<string, Cid> pointers = new(StringComparer.Ordinal);

    /// <summary>Hears what the daemon says. Called on its threads: return at once.</summary>
    public Action<ReadOnlyMemory<byte>>? Heard { get; set; }

    /// <summary>How many messages the daemon's own subscriptions have lost because it read too slowly.</summary>
    public long Lost => daemon.Values.Sum(s => s.Dropped);

    public MemoryTransport Join() => new(this);

    /// <summary>A party says something to the daemon.</summary>
    public void Send(string topic, ReadOnlyMemory<byte> payload, string peer)
    {
        if (daemon.TryGetValue(topic, out var subscription))
        {
            subscription.Deliver(new PubSubMessage(topic, payload, peer));
        }
    }

    public void Say(ReadOnlyMemory<byte> payload) => Heard?.Invoke(payload);

    public MemorySubscription Subscribe(string topic) => daemon.GetOrAdd(topic, static t => new MemorySubscription(t));

    public Cid Put(ReadOnlyMemory<byte> content)
    {
        var cid = ContentAddress.Of(content.Span);
        if (contents.TryAdd(cid, content.ToArray()))
        {
            order.Enqueue(cid);
            while (order.Count > contentsKept && order.TryDequeue(out var oldest))
            {
                contents.TryRemove(oldest, out _);
            }
        }

        return cid;
    }

    // What clients keep is there, whatever the daemon's node forgets.
    public ReadOnlyMemory<byte>? Get(Cid cid) => cid == Messages.InputCid ? Messages.Input : contents.TryGetValue(cid, out var content) ? content : (ReadOnlyMemory<byte>?)null;

    public void Point(string pointer, Cid cid) => pointers[pointer] = cid;

    public Cid? Resolve(string pointer) => pointers.TryGetValue(pointer, out var cid) ? cid : null;
}
