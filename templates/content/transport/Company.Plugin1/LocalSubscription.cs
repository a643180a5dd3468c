using System.Threading.Channels;
using SwarmPool.Transport;

namespace Company.Plugin1;

/// <summary>A bounded queue between a topic and its one reader; a slow reader loses the oldest, counted.</summary>
internal sealed class LocalSubscription : ISubscription
{
    private const int Held = 4096;
    private readonly LocalNetwork network;
    private readonly Channel<PubSubMessage> queue;
    private long dropped;

    public LocalSubscription(LocalNetwork network, LocalTransport party, string topic)
    {
        this.network = network;
        Party = party;
        Topic = topic;
        queue = Channel.CreateBounded<PubSubMessage>(
            new BoundedChannelOptions(Held) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref dropped));
    }

    public LocalTransport Party { get; }

    public string Topic { get; }

    public long Dropped => Interlocked.Read(ref dropped);

    public void Deliver(PubSubMessage message) => queue.Writer.TryWrite(message);

    public IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken) => queue.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        network.Subscriptions.TryRemove(this, out _);
        queue.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
