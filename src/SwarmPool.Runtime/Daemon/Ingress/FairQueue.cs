using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
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

    private readonly FairChannel<IngressMessage> waiting = new(capacity);

    /// <summary>Adds a message, or drops it or others' when there is no room.</summary>
    public void Add(IngressMessage message)
    {
        counters.Wait(1);
        foreach (var lost in waiting.Add(message.Peer, "", message, message.Payload.Length + Overhead)) // Whose name it bears nobody has checked yet: within a peer all is one.
        {
            counters.Wait(-1);
            dropped(lost);
        }
    }

    /// <summary>The messages, each to one reader.</summary>
    public async IAsyncEnumerable<IngressMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in waiting.ReadAllAsync(cancellationToken))
        {
            counters.Wait(-1);
            yield return message;
        }
    }

    /// <summary>Takes the next message of the peer whose turn it is.</summary>
    public bool TryTake([NotNullWhen(true)] out IngressMessage? message, out bool more)
    {
        var taken = waiting.TryTake(out message, out more);
        counters.Wait(taken ? -1 : 0);
        return taken;
    }
}
