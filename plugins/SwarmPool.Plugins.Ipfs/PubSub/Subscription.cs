using System.Threading.Channels;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>One reader's queue of a topic; a slow reader loses the oldest, counted.</summary>
internal sealed class Subscription : ISubscription
{
    private readonly Channel<PubSubMessage> queue;
    private readonly Func<Subscription, ValueTask> leave;
    private long dropped;
    private int left;

    public Subscription(string topic, Func<Subscription, ValueTask> leave)
    {
        Topic = topic;
        this.leave = leave;
        var options = new BoundedChannelOptions(MessageLimits.Held) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        queue = Channel.CreateBounded<PubSubMessage>(options, _ => Interlocked.Increment(ref dropped));
    }

    public string Topic { get; }

    public long Dropped => Interlocked.Read(ref dropped);

    public void Deliver(ReadOnlyMemory<byte> payload, string peer) => queue.Writer.TryWrite(new PubSubMessage(Topic, payload.ToArray(), peer));

    public IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken) => queue.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
        {
            queue.Writer.TryComplete();
            await leave(this);
        }
    }
}
