using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SwarmPool.Runtime.Collections;

/// <summary>A <see cref="FairBuffer{T}"/> between any number of writers, who never wait, and any number of readers, who do.</summary>
/// <param name="capacity">What may wait, in the unit of the costs given with each item.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class FairChannel<T>(int capacity)
{
    private readonly Lock gate = new();
    private readonly FairBuffer<T> waiting = new(capacity);
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>How many items wait.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Adds an item; gives what found no room, or had to make it.</summary>
    public IReadOnlyList<T> Add(string peer, string party, T item, int cost)
    {
        var lost = new List<T>(0);
        lock (gate)
        {
            if (!waiting.TryAdd(peer, party, item, cost, lost))
            {
                lost.Add(item);
            }
        }

        signal.Writer.TryWrite(true);
        return lost;
    }

    /// <summary>The items, each to one reader, in fair turns.</summary>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(out var item, out var more))
            {
                if (more)
                {
                    signal.Writer.TryWrite(true); // A signal wakes one reader; whoever takes an item passes it on.
                }

                yield return item;
            }
            else
            {
                await signal.Reader.ReadAsync(cancellationToken);
            }
        }
    }

    /// <summary>Takes the next item.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item, out bool more)
    {
        lock (gate)
        {
            var taken = waiting.TryTake(out item);
            more = waiting.Count > 0;
            return taken;
        }
    }
}
