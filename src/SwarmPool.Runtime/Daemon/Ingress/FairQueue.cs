using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using SwarmPool.Runtime.Daemon.Observing;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Messages that wait for a worker, bounded in bytes. Transport peers take turns, and when there is no room it is those
/// with more than their share who lose messages: a flood, by one peer or by a thousand, leaves the others their place.
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
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);
    private readonly Queue<Line> turns = new();
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int used;

    /// <summary>Adds a message, or drops it or others' when there is no room.</summary>
    public void Add(IngressMessage item)
    {
        var lost = new List<IngressMessage>(0);
        lock (gate)
        {
            var line = LineOf(item.Peer);
            if (MakeRoom(line, Cost(item), lost))
            {
                Enqueue(line, item);
            }
            else
            {
                lost.Add(item);
                Leave(line);
            }
        }

        news.Writer.TryWrite(true);
        lost.ForEach(dropped);
    }

    /// <summary>The messages, each to one reader.</summary>
    public async IAsyncEnumerable<IngressMessage> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(out var item, out var more))
            {
                if (more)
                {
                    news.Writer.TryWrite(true); // One word of news wakes one reader; whoever takes a message passes it on.
                }

                yield return item;
            }
            else
            {
                await news.Reader.ReadAsync(cancellationToken);
            }
        }
    }

    /// <summary>Takes the next message of the peer whose turn it is.</summary>
    public bool TryTake([NotNullWhen(true)] out IngressMessage? item, out bool more)
    {
        lock (gate)
        {
            item = null;
            if (turns.TryDequeue(out var line))
            {
                item = Dequeue(line);
                if (line.Waiting.Count > 0)
                {
                    turns.Enqueue(line);
                }
                else
                {
                    lines.Remove(line.Peer);
                }
            }

            more = turns.Count > 0;
            return item is not null;
        }
    }

    private static int Cost(IngressMessage item) => item.Payload.Length + Overhead;

    private Line LineOf(string peer)
    {
        if (!lines.TryGetValue(peer, out var line))
        {
            lines.Add(peer, line = new Line(peer));
        }

        return line;
    }

    // A peer within its share always finds room: then someone else has more than that.
    private bool MakeRoom(Line line, int cost, List<IngressMessage> lost)
    {
        var share = capacity / lines.Count;
        while (used + cost > capacity)
        {
            if (line.Used + cost > share)
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
                lines.Remove(other.Peer);
            }
        }

        return true;
    }

    private void Enqueue(Line line, IngressMessage item)
    {
        if (line.Waiting.Count == 0)
        {
            turns.Enqueue(line);
        }

        line.Waiting.Enqueue(item);
        line.Used += Cost(item);
        used += Cost(item);
        counters.Wait(1);
    }

    private IngressMessage Dequeue(Line line)
    {
        var item = line.Waiting.Dequeue();
        line.Used -= Cost(item);
        used -= Cost(item);
        counters.Wait(-1);
        return item;
    }

    private void Leave(Line line)
    {
        if (line.Waiting.Count == 0)
        {
            lines.Remove(line.Peer);
        }
    }

    private sealed class Line(string peer)
    {
        public string Peer { get; } = peer;

        public Queue<IngressMessage> Waiting { get; } = new();

        public int Used { get; set; }
    }
}
