using System.Collections.Concurrent;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

/// <summary>A party's end of a network that can be away: then it can't start, and what was subscribed ends.</summary>
internal sealed class AwayTransport(MemoryNet net, TimeProvider time) : ITransport, IPubSub
{
    private readonly MemoryTransport inner = net.Join();
    private readonly ConcurrentQueue<MemoryNet.Subscription> heard = new();

    private volatile bool isAway;

    public bool IsAway
    {
        get => isAway;
        set => isAway = value;
    }

    /// <summary>When it was asked to start.</summary>
    public ConcurrentQueue<DateTimeOffset> Starts { get; } = new();

    /// <summary>What it goes by, where a test wants that to be seen.</summary>
    public TransportLink? Link { get; init; }

    public IContentStore Content => inner;

    public IPubSub PubSub => this;

    public int MaxMessageBytes => inner.MaxMessageBytes;

    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        Starts.Enqueue(time.GetUtcNow());
        return IsAway ? throw Away() : default;
    }

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        IsAway ? throw Away() : inner.PublishAsync(topic, payload, cancellationToken);

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw Away();
        }

        var subscription = net.Subscribe(topic);
        heard.Enqueue(subscription);
        return new(subscription);
    }

    /// <summary>Goes away: what is subscribed ends.</summary>
    public async Task LeaveAsync()
    {
        IsAway = true;
        while (heard.TryDequeue(out var subscription))
        {
            await subscription.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static TransportException Away() => new(TransportFault.Unavailable, "nobody answers at memory://");
}
