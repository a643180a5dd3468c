using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// Hears what the pool says: only what is signed by the pool's own name, for this pool and network. Everything else on
/// those topics is dropped and counted: anybody can publish there.
/// </summary>
internal sealed class PoolListener(
    ITransport transport, ContentReader content, SignerCheck signers, EnsName pool, ILogger<PoolListener> logger)
{
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(20);

    private readonly Channel<SignedSnapshot> heard = Channel.CreateBounded<SignedSnapshot>(
        new BoundedChannelOptions(4096) { SingleReader = true });

    private long dropped;

    /// <summary>What was heard, topic by topic in order. One reader.</summary>
    public ChannelReader<SignedSnapshot> Heard => heard.Reader;

    /// <summary>How many messages were not the pool's.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Subscribes; what is published from its completion on will be heard. The returned task runs until cancelled.</summary>
    public async ValueTask<Task> StartAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var loops = new List<Task>();
        foreach (var topic in topics)
        {
            var subscription = await transport.PubSub.SubscribeAsync(Topics.Of(pool, topic), cancellationToken);
            loops.Add(ListenAsync(subscription, topic, cancellationToken));
        }

        return Task.WhenAll(loops);
    }

    /// <summary>Checks bytes that claim to be the pool's; null when they are not.</summary>
    public async ValueTask<SignedSnapshot?> CheckAsync(ReadOnlyMemory<byte> bytes, string expectedType, CancellationToken cancellationToken)
    {
        if (SnapshotPointer.TryRead(bytes.Span, out var cid))
        {
            var fetched = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, FetchPatience, cancellationToken);
            if (fetched.Refusal is not null)
            {
                return Drop(expectedType, fetched.Refusal.ToString());
            }

            bytes = fetched.Bytes;
        }

        if (!SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal))
        {
            return Drop(expectedType, refusal.ToString());
        }

        if (snapshot.Body.Type != expectedType || snapshot.Body.Signer != pool || snapshot.Body.Pool != pool || snapshot.Body.Network != signers.Network)
        {
            return Drop(expectedType, "it is not this pool's");
        }

        var (_, _, bad) = await signers.CheckAsync(snapshot, cancellationToken);
        return bad is null ? snapshot : Drop(expectedType, bad.ToString());
    }

    private async Task ListenAsync(ISubscription subscription, string topic, CancellationToken cancellationToken)
    {
        await using (subscription)
        {
            await foreach (var message in subscription.ReadAllAsync(cancellationToken))
            {
                if (await CheckAsync(message.Payload, topic, cancellationToken) is { } snapshot)
                {
                    await heard.Writer.WriteAsync(snapshot, cancellationToken);
                }
            }
        }
    }

    private SignedSnapshot? Drop(string topic, string why)
    {
        Interlocked.Increment(ref dropped);
        MessagingLog.Dropped(logger, topic, why);
        return null;
    }
}
