using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SwarmPool.Transport;

/// <summary>A subscription as a bounded queue between a topic and its one reader, for transports to hand out: a slow reader loses the oldest, counted.</summary>
/// <remarks>Thread-safe; delivering takes no lock and waits for nobody.</remarks>
public sealed class SubscriptionQueue : ISubscription
{
    /// <summary>The least that may be held for a slow reader, by the contract: 1,024 messages.</summary>
    public const int LeastHeld = 1024;

    /// <summary>The most bytes that are held for a slow reader: 32 MiB. Fewer messages than it may hold are then held, the newest.</summary>
    public const int MostBytes = 32 * 1024 * 1024;

    // What a message costs beside its bytes.
    private const int Overhead = 128;

    private readonly Channel<PubSubMessage> queue;
    private readonly Func<SubscriptionQueue, ValueTask> leave;
    private long dropped;
    private long bytes;
    private int left;

    /// <summary>Makes a subscription.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="held">How many messages are held for a slow reader, <see cref="LeastHeld"/> or more.</param>
    /// <param name="leave">Called once, when the subscription is disposed: nothing is to be delivered any longer.</param>
    public SubscriptionQueue(string topic, int held, Func<SubscriptionQueue, ValueTask> leave)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(held, LeastHeld);
        ArgumentNullException.ThrowIfNull(leave);
        Topic = topic;
        this.leave = leave;
        var options = new BoundedChannelOptions(held) { FullMode = BoundedChannelFullMode.DropOldest };
        queue = Channel.CreateBounded<PubSubMessage>(options, Drop);
    }

    /// <inheritdoc/>
    public string Topic { get; }

    /// <inheritdoc/>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Hands the reader a copy of a message; does nothing once the subscription is disposed.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="peer">Who handed it to us, in the transport's own terms; empty when it can't tell.</param>
    public void Deliver(ReadOnlySpan<byte> payload, string peer)
    {
        Interlocked.Add(ref bytes, payload.Length + Overhead);
        if (!queue.Writer.TryWrite(new PubSubMessage(Topic, payload.ToArray(), peer)))
        {
            Interlocked.Add(ref bytes, -(payload.Length + Overhead)); // Disposed.
        }

        while (Interlocked.Read(ref bytes) > MostBytes && queue.Reader.TryRead(out var oldest))
        {
            Drop(oldest);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PubSubMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in queue.Reader.ReadAllAsync(cancellationToken))
        {
            Interlocked.Add(ref bytes, -(message.Payload.Length + Overhead));
            yield return message;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
        {
            queue.Writer.TryComplete();
            await leave(this);
        }
    }

    private void Drop(PubSubMessage message)
    {
        Interlocked.Add(ref bytes, -(message.Payload.Length + Overhead));
        Interlocked.Increment(ref dropped);
    }
}
