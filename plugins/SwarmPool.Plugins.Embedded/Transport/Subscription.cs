using System.Threading.Channels;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport;

/// <summary>A bounded queue between a topic and its one reader; a slow reader loses the oldest, counted.</summary>
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

    /// <summary>Hands a message over; does nothing once the subscription is disposed.</summary>
    public void Deliver(PubSubMessage message) => queue.Writer.TryWrite(message);

    public IAsyncEnumerable<PubSubMessage> ReadAllAsync(CancellationToken cancellationToken) =>
        queue.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
        {
            queue.Writer.TryComplete();
            await leave(this);
        }
    }
}
