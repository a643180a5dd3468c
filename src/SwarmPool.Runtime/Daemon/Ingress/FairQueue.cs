using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using SwarmPool.Runtime.Daemon.Observing;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Messages that wait for a worker, bounded in bytes. Transport peers take turns, and when there is no room it is those
/// with more than their share who lose messages: a flood, by one peer or by a thousand, leaves the others their share.
/// Peers that the transport can't tell apart are one, first come, first served.
/// </summary>
/// <param name="capacity">Bytes, with <see cref="Overhead"/> for each message.</param>
/// <param name="dropped">Is told of each message that found no room. Called by whoever adds.</param>
/// <param name="counters">Is told how many wait.</param>
/// <remarks>Thread-safe; any number of readers.</remarks>
internal sealed class FairQueue(int capacity, Action<IngressMessage> dropped, IngressCounters counters)
{
    /// <summary>What a message costs beside its bytes: small ones must not be free.</summary>
    public const int Overhead = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<string, PeerQueue> peers = new(StringComparer.Ordinal);
    private readonly Queue<PeerQueue> turns = new();
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int used;

    /// <summary>Adds a message, or drops it or others' when there is no room.</summary>
    public void Add(IngressMessage message)
    {
        var lost = new List<IngressMessage>(0);
        lock (gate)
        {
            var queue = QueueOf(message.Peer);
            if (MakeRoom(queue, Cost(message), lost))
            {
                Enqueue(queue, message);
            }
            else
            {
                lost.Add(message);
                RemoveEmpty(queue);
            }
        }

        signal.Writer.TryWrite(true);
        lost.ForEach(dropped);
    }

    /// <summary>The messages, each to one reader.</summary>
    public async IAsyncEnumerable<IngressMessage> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(out var message, out var more))
            {
                if (more)
                {
                    signal.Writer.TryWrite(true); // A signal wakes one reader; whoever takes a message passes it on.
                }

                yield return message;
            }
            else
            {
                await signal.Reader.ReadAsync(cancellationToken);
            }
        }
    }

    /// <summary>Takes the next message of the peer whose turn it is.</summary>
    public bool TryTake([NotNullWhen(true)] out IngressMessage? message, out bool more)
    {
        lock (gate)
        {
            message = null;
            if (turns.TryDequeue(out var queue))
            {
                message = Dequeue(queue);
                if (queue.Waiting.Count > 0)
                {
                    turns.Enqueue(queue);
                }
                else
                {
                    peers.Remove(queue.Peer);
                }
            }

            more = turns.Count > 0;
            return message is not null;
        }
    }

    private static int Cost(IngressMessage message) => message.Payload.Length + Overhead;

    private PeerQueue QueueOf(string peer)
    {
        if (!peers.TryGetValue(peer, out var queue))
        {
            peers.Add(peer, queue = new PeerQueue(peer));
        }

        return queue;
    }

    // A peer within its share always finds room: then someone else has more than that.
    private bool MakeRoom(PeerQueue queue, int cost, List<IngressMessage> lost)
    {
        var share = capacity / peers.Count;
        while (used + cost > capacity)
        {
            if (queue.Used + cost > share)
            {
                return false;
            }

            var other = turns.Dequeue();
            if (other.Used > share)
            {
                lost.Add(Dequeue(other));
            }

            if (other.Waiting.Count > 0)
            {
                turns.Enqueue(other);
            }
            else
            {
                peers.Remove(other.Peer);
            }
        }

        return true;
    }

    private void Enqueue(PeerQueue queue, IngressMessage message)
    {
        if (queue.Waiting.Count == 0)
        {
            turns.Enqueue(queue);
        }

        queue.Waiting.Enqueue(message);
        queue.Used += Cost(message);
        used += Cost(message);
        counters.Wait(1);
    }

    private IngressMessage Dequeue(PeerQueue queue)
    {
        var message = queue.Waiting.Dequeue();
        queue.Used -= Cost(message);
        used -= Cost(message);
        counters.Wait(-1);
        return message;
    }

    private void RemoveEmpty(PeerQueue queue)
    {
        if (queue.Waiting.Count == 0)
        {
            peers.Remove(queue.Peer);
        }
    }

    private sealed class PeerQueue(string peer)
    {
        public string Peer { get; } = peer;

        public Queue<IngressMessage> Waiting { get; } = new();

        public int Used { get; set; }
    }
}
