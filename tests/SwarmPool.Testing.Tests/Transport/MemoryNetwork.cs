using System.Collections.Concurrent;
using System.Threading.Channels;
using SwarmPool.Transport;

namespace SwarmPool.Testing.Tests.Transport;

/// <summary>What a <see cref="MemoryParty"/> does wrong, or what its network may do.</summary>
public enum NetworkHabit
{
    None = 0,

    /// <summary>Loses each third message and repeats each fifth: allowed.</summary>
    LosesAndRepeats,
    TakesWildcards,
    KeepsThePublishersBuffer,
    HasNoMessageLimit,
    CutsMessages,
    DropsTheNewest,
    CountsNoDrops,
    GivesMoreThanAskedFor,
    HandsOutItsOwnMemory,
    AnswersNothingForWhatItLacks,
    EndsAllSubscriptionsWithOne,
    GoesOnAfterItsEnd,
    ForgetsPointers,
}

/// <summary>A network in memory.</summary>
internal sealed class MemoryNetwork(NetworkHabit habit)
{
    private int published;

    public NetworkHabit Habit => habit;

    public ConcurrentDictionary<Cid, byte[]> Contents { get; } = new();

    public ConcurrentDictionary<string, Cid> Pointers { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<MemorySubscription, bool> Subscriptions { get; } = new();

    public int Copies() => Interlocked.Increment(ref published) switch
    {
        var n when habit == NetworkHabit.LosesAndRepeats && n % 3 == 0 => 0,
        var n when habit == NetworkHabit.LosesAndRepeats && n % 5 == 0 => 2,
        _ => 1,
    };
}

/// <summary>One party of a <see cref="MemoryNetwork"/>.</summary>
internal sealed class MemoryParty(MemoryNetwork network) : ITransport, IContentStore, IPubSub
{
    private bool disposed;

    public IContentStore Content => this;

    public IPubSub PubSub => this;

    public int MaxContentBytes => 1_000_000;

    public int MaxMessageBytes => 64 * 1024;

    public ValueTask StartAsync(CancellationToken cancellationToken) => default;

    public async ValueTask DisposeAsync()
    {
        disposed = network.Habit != NetworkHabit.GoesOnAfterItsEnd;
        foreach (var subscription in network.Subscriptions.Keys.Where(one => one.Party == this))
        {
            await subscription.DisposeAsync();
        }
    }

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (disposed)
        {
            throw new TransportException(TransportFault.Unavailable, "Disposed.");
        }

        if (payload.Length > MaxMessageBytes && network.Habit != NetworkHabit.HasNoMessageLimit)
        {
            throw new TransportException(TransportFault.TooLarge, $"{payload.Length} bytes.");
        }

        var sent = network.Habit switch
        {
            NetworkHabit.KeepsThePublishersBuffer => payload,
            NetworkHabit.CutsMessages => payload[..Math.Min(payload.Length, 4096)].ToArray(),
            _ => payload.ToArray(),
        };
        for (var copies = network.Copies(); copies > 0; copies--)
        {
            foreach (var subscription in network.Subscriptions.Keys.Where(one => one.Hears(topic)))
            {
                subscription.Deliver(new PubSubMessage(topic, sent, "memory"));
            }
        }

        return default;
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var subscription = new MemorySubscription(network, this, topic);
        network.Subscriptions[subscription] = true;
        return new(subscription);
    }

    public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > MaxContentBytes)
        {
            throw new TransportException(TransportFault.TooLarge, $"{content.Length} bytes.");
        }

        var cid = ContentAddress.Of(content.Span);
        network.Contents[cid] = content.ToArray();
        return new(cid);
    }

    public ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        if (!network.Contents.TryGetValue(cid, out var content))
        {
            return network.Habit == NetworkHabit.AnswersNothingForWhatItLacks ? new(default(ReadOnlyMemory<byte>)) : throw new TransportException(TransportFault.NotFound, $"No {cid}.");
        }

        if (content.Length > maxBytes && network.Habit != NetworkHabit.GivesMoreThanAskedFor)
        {
            throw new TransportException(TransportFault.TooLarge, $"{content.Length} bytes.");
        }

        return new(network.Habit == NetworkHabit.HandsOutItsOwnMemory ? content : content.ToArray());
    }

    public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => default;

    public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => default;

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        if (network.Habit != NetworkHabit.ForgetsPointers)
        {
            network.Pointers[pointer] = cid;
        }

        return default;
    }

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) =>
        new(network.Pointers.TryGetValue(pointer, out var cid) ? cid : null);
}

/// <summary>One subscription.</summary>
internal sealed class MemorySubscription : ISubscription
{
    private readonly MemoryNetwork network;
    private readonly Channel<PubSubMessage> queue;
    private long dropped;

    public MemorySubscription(MemoryNetwork network, MemoryParty party, string topic)
    {
        this.network = network;
        Party = party;
        Topic = topic;
        var mode = network.Habit == NetworkHabit.DropsTheNewest ? BoundedChannelFullMode.DropNewest : BoundedChannelFullMode.DropOldest;
        queue = Channel.CreateBounded<PubSubMessage>(new BoundedChannelOptions(1024) { FullMode = mode }, _ => Interlocked.Increment(ref dropped));
    }

    public MemoryParty Party { get; }

    public string Topic { get; }

    public long Dropped => network.Habit == NetworkHabit.CountsNoDrops ? 0 : Interlocked.Read(ref dropped);

    public bool Hears(string topic) => topic == Topic
        || (network.Habit == NetworkHabit.TakesWildcards && Topic.EndsWith("/#", StringComparison.Ordinal) && topic.StartsWith(Topic[..^1], StringComparison.Ordinal));

    public void Deliver(PubSubMessage message) => queue.Writer.TryWrite(message);

    public IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken) => queue.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        foreach (var one in network.Subscriptions.Keys.Where(one => one == this || (network.Habit == NetworkHabit.EndsAllSubscriptionsWithOne && one.Party == Party)))
        {
            network.Subscriptions.TryRemove(one, out _);
            one.queue.Writer.TryComplete();
        }

        return default;
    }
}
