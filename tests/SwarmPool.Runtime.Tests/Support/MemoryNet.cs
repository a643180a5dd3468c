using System.Collections.Concurrent;
using System.Threading.Channels;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>One network in memory: topics and content, with real bytes, that can lose or repeat messages.</summary>
internal sealed class MemoryNet
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Subscription>> topics = [];

    public ConcurrentDictionary<Cid, ReadOnlyMemory<byte>> Content { get; } = new();

    public ConcurrentDictionary<string, Cid> Pointers { get; } = new();

    /// <summary>How often a message is delivered; 0 loses it. Null: once.</summary>
    public Func<string, ReadOnlyMemory<byte>, int>? Copies { get; set; }

    /// <summary>Every publication, lost ones too.</summary>
    public ConcurrentQueue<PubSubMessage> Published { get; } = new();

    public MemoryTransport Join() => new(this);

    public bool HasSubscriber(string topic)
    {
        lock (gate)
        {
            return topics.TryGetValue(topic, out var list) && list.Count > 0;
        }
    }

    public void Publish(string topic, ReadOnlyMemory<byte> payload)
    {
        var message = new PubSubMessage(topic, payload.ToArray(), "memory");
        Published.Enqueue(message);
        var copies = Copies?.Invoke(topic, payload) ?? 1;
        lock (gate)
        {
            foreach (var subscription in topics.GetValueOrDefault(topic) ?? [])
            {
                for (var i = 0; i < copies; i++)
                {
                    subscription.Queue.Writer.TryWrite(message);
                }
            }
        }
    }

    public Subscription Subscribe(string topic)
    {
        var subscription = new Subscription(this, topic);
        lock (gate)
        {
            if (!topics.TryGetValue(topic, out var list))
            {
                topics[topic] = list = [];
            }

            list.Add(subscription);
        }

        return subscription;
    }

    public Cid Put(ReadOnlyMemory<byte> bytes)
    {
        var cid = ContentAddress.Of(bytes.Span);
        Content[cid] = bytes.ToArray();
        return cid;
    }

    internal sealed class Subscription(MemoryNet net, string topic) : ISubscription
    {
        public Channel<PubSubMessage> Queue { get; } = Channel.CreateBounded<PubSubMessage>(
            new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest });

        public string Topic => topic;

        public long Dropped => 0;

        public IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken) => Queue.Reader.ReadAllAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            lock (net.gate)
            {
                net.topics[topic].Remove(this);
            }

            Queue.Writer.TryComplete();
            return default;
        }
    }
}
