using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using SwarmPool.Runtime.Collections;
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
    private readonly FairBuffer<IngressMessage> waiting = new(capacity);
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Adds a message, or drops it or others' when there is no room.</summary>
    public void Add(IngressMessage message)
    {
        var lost = new List<IngressMessage>(0);
        lock (gate)
        {
            var before = waiting.Count;
            if (!waiting.TryAdd(message.Peer, "", message, message.Payload.Length + Overhead, lost))
            {
                lost.Add(message); // Whose name it bears nobody has checked yet: within a peer all is one.
            }

            counters.Wait(waiting.Count - before);
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
            var taken = waiting.TryTake(out message);
            counters.Wait(taken ? -1 : 0);
            more = waiting.Count > 0;
            return taken;
        }
    }
}
