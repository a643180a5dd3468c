using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SwarmPool.Transport;

/// <summary>
/// A subscription as a bounded queue between a topic and its one reader, for transports to hand out: peers take turns, and a slow reader loses
/// the oldest of the peer that has most waiting, counted. So one that floods a topic takes nothing from another, where the transport can tell them apart.
/// </summary>
/// <remarks>Thread-safe; delivering waits for nobody. Messages of one peer stay in their order.</remarks>
public sealed class SubscriptionQueue : ISubscription
{
    /// <summary>The least that may be held for a slow reader, by the contract: 1,024 messages.</summary>
    public const int LeastHeld = 1024;

    /// <summary>The most bytes that are held for a slow reader: 32 MiB. Fewer messages than it may hold are then held, the newest.</summary>
    public const int MostBytes = 32 * 1024 * 1024;

    // What a message costs beside its bytes.
    private const int Overhead = 128;

    private readonly int held;
    private readonly Func<SubscriptionQueue, ValueTask> leave;
    private readonly Lock gate = new();
    private readonly Dictionary<string, PeerQueue> peers = new(StringComparer.Ordinal);
    private readonly Queue<PeerQueue> turns = new();
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long dropped;
    private int count;
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
        this.held = held;
        this.leave = leave;
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
        ArgumentNullException.ThrowIfNull(peer);
        if (Volatile.Read(ref left) != 0)
        {
            return;
        }

        var message = new PubSubMessage(Topic, payload.ToArray(), peer);
        lock (gate)
        {
            Add(message);
            while (count > held || bytes > MostBytes)
            {
                Drop();
            }
        }

        signal.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PubSubMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            signal.Reader.TryRead(out _);
            while (TryTake(out var message))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return message;
            }
        }
        while (await signal.Reader.WaitToReadAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
        {
            signal.Writer.TryComplete();
            await leave(this);
        }
    }

    private static int CostOf(PubSubMessage message) => message.Payload.Length + Overhead;

    private void Add(PubSubMessage message)
    {
        if (!peers.TryGetValue(message.Peer, out var queue))
        {
            peers.Add(message.Peer, queue = new PeerQueue(message.Peer));
            turns.Enqueue(queue);
        }

        queue.Waiting.Enqueue(message);
        queue.Bytes += CostOf(message);
        bytes += CostOf(message);
        count++;
    }

    // A peer's queue stays in its place until its turn comes, also when nothing of it waits any longer.
    private void Drop()
    {
        var most = peers.Values.MaxBy(static queue => queue.Bytes)!;
        Take(most);
        Interlocked.Increment(ref dropped);
    }

    private bool TryTake([NotNullWhen(true)] out PubSubMessage? message)
    {
        lock (gate)
        {
            message = null;
            while (message is null && turns.TryDequeue(out var queue))
            {
                message = queue.Waiting.Count > 0 ? Take(queue) : null;
                if (queue.Waiting.Count > 0)
                {
                    turns.Enqueue(queue);
                }
                else
                {
                    peers.Remove(queue.Peer);
                }
            }

            return message is not null;
        }
    }

    private PubSubMessage Take(PeerQueue queue)
    {
        var message = queue.Waiting.Dequeue();
        queue.Bytes -= CostOf(message);
        bytes -= CostOf(message);
        count--;
        return message;
    }

    private sealed class PeerQueue(string peer)
    {
        public string Peer { get; } = peer;

        public Queue<PubSubMessage> Waiting { get; } = new(1);

        public long Bytes { get; set; }
    }
}
