using System.Threading.Channels;
using SwarmPool.Simulation.Engine;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Network;

/// <summary>What lies between the parties: bytes that are dropped, doubled, delayed, reordered and cut off, as the seed wants.</summary>
internal sealed class SimNetwork(Pump pump, SimProcess world, Trace trace, Dice dice)
{
    private readonly List<SimSubscription> subscriptions = [];
    private readonly HashSet<string> cutOff = [];

    public Weather Weather { get; set; } = Weather.Fair;

    public Dictionary<Cid, byte[]> Contents { get; } = [];

    public Dictionary<string, Cid> Pointers { get; } = [];

    public long Published { get; private set; }

    public long MostUnread { get; private set; }

    /// <summary>Sees each message once, as it leaves: the sender, the topic, the bytes.</summary>
    public event Action<SimProcess, string, ReadOnlyMemory<byte>>? Sent;

    public event Action<string, ReadOnlyMemory<byte>>? Stored;

    public void CutOff(string node) => cutOff.Add(node);

    public void Heal(string node) => cutOff.Remove(node);

    public bool IsCutOff(string node) => cutOff.Contains(node);

    public bool Fails(double chance) => dice.Chance(chance);

    public TimeSpan Latency() => dice.Chance(Weather.Late) ? dice.Span(0.5, 6) : dice.Span(0.001, 0.04);

    public SimSubscription Subscribe(SimProcess process, string topic)
    {
        var subscription = new SimSubscription(pump, process, topic, s => subscriptions.Remove(s));
        subscriptions.Add(subscription);
        return subscription;
    }

    public void Publish(SimProcess from, string topic, ReadOnlyMemory<byte> payload)
    {
        Published++;
        trace.Add($"publish {from.Name} {topic}", payload.Span);
        Sent?.Invoke(from, topic, payload);
        subscriptions.RemoveAll(s => s.Process.IsDead);
        foreach (var subscription in subscriptions)
        {
            if (subscription.Topic == topic)
            {
                Send(from.Name, subscription, payload);
            }
        }
    }

    public void Keep(string by, Cid cid, ReadOnlyMemory<byte> bytes)
    {
        trace.Add($"store {by}", bytes.Span);
        Stored?.Invoke(by, bytes);
        Contents[cid] = bytes.ToArray();
    }

    private void Send(string from, SimSubscription to, ReadOnlyMemory<byte> payload)
    {
        var apart = from != to.Process.Name && (cutOff.Contains(from) || cutOff.Contains(to.Process.Name));
        var copies = apart || dice.Chance(Weather.Drop) ? 0 : dice.Chance(Weather.Duplicate) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var message = new PubSubMessage(to.Topic, payload.ToArray(), from);
            pump.At(Latency(), world, () => MostUnread = Math.Max(MostUnread, to.Deliver(message)));
        }
    }
}

/// <summary>One party's ear on a topic; what is not read in time is dropped, the oldest first.</summary>
internal sealed class SimSubscription(Pump pump, SimProcess process, string topic, Action<SimSubscription> close) : ISubscription
{
    private readonly Channel<PubSubMessage> unread = Channel.CreateBounded<PubSubMessage>(
        new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest });

    public SimProcess Process => process;

    public string Topic => topic;

    public long Dropped => 0;

    public int Deliver(PubSubMessage message)
    {
        unread.Writer.TryWrite(message);
        return unread.Reader.Count;
    }

    public async IAsyncEnumerable<PubSubMessage> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await unread.Reader.WaitToReadAsync(cancellationToken))
        {
            while (unread.Reader.TryRead(out var message))
            {
                pump.RequireStep($"{process.Name}'s subscription to {topic}");
                yield return message;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        close(this);
        unread.Writer.TryComplete();
        return default;
    }
}
