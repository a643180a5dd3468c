using System.Threading.Channels;
using SwarmPool.Transport;

namespace SwarmPool.Load.Wire;

/// <summary>A bounded queue to the daemon, as the transports that ship have one: a slow reader loses the oldest, counted.</summary>
internal sealed class MemorySubscription : ISubscription
{
    private const int Held = 8192;

    private readonly Channel<PubSubMessage> queue;
    private long dropped;

    public MemorySubscription(string topic)
    {
        Topic = topic;
        queue = Channel.CreateBounded<PubSubMessage>(
            new BoundedChannelOptions(Held) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref dropped));
    }

    public string Topic { get; }

    public long Dropped => Interlocked.Read(ref dropped);

    public void Deliver(PubSubMessage message) => queue.Writer.TryWrite(message);

    public IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken) => queue.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        return default;
    }
}
