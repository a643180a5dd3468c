using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// Hears what the pool says: only what is signed by the pool's own name, for this pool and network. Everything else on
/// those topics is dropped and counted: anybody can publish there.
/// </summary>
internal sealed class PoolListener(
    ITransport transport, ContentReader content, SignerCheck signers, EnsName pool, TimeProvider time, ILogger<PoolListener> logger)
{
    private static readonly TimeSpan FetchPatience = TimeSpan.FromSeconds(20);

    private readonly Channel<SignedSnapshot> heard = Channel.CreateBounded<SignedSnapshot>(
        new BoundedChannelOptions(4096) { SingleReader = true });

    // Anybody can publish a pointer to what is unavailable, or name a delegation that is: it must not hold up what comes after it.
    private const int Followers = 8;

    private readonly Channel<(ReadOnlyMemory<byte> Payload, string Topic)> pointers =
        Channel.CreateBounded<(ReadOnlyMemory<byte> Payload, string Topic)>(1024);

    private readonly ReplayFilter horizon = new(time);
    private SignedSnapshot? newest;
    private long dropped;

    /// <summary>What was heard; large snapshots may come later than what was said after them. One reader.</summary>
    public ChannelReader<SignedSnapshot> Heard => heard.Reader;

    /// <summary>How many messages were not the pool's, or were its old words.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>The newest state that was checked here; null before the first.</summary>
    public PoolStateSnapshot? Newest => NewestSigned?.Body as PoolStateSnapshot;

    /// <summary>The same, as it was signed.</summary>
    public SignedSnapshot? NewestSigned => Volatile.Read(ref newest);

    /// <summary>Subscribes; what is published from its completion on will be heard. The returned task runs until cancelled.</summary>
    public async ValueTask<Task> StartAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var loops = new List<Task>();
        foreach (var topic in topics)
        {
            var subscription = await transport.PubSub.SubscribeAsync(Topics.Of(pool, topic), cancellationToken);
            loops.Add(ListenAsync(subscription, topic, cancellationToken));
        }

        loops.AddRange(Enumerable.Range(0, Followers).Select(_ => FollowAsync(cancellationToken)));
        return RunAsync(loops);
    }

    /// <summary>Fetches what should be the pool's: the snapshot itself, since a pointer there leads no further; or why it is not taken.</summary>
    public async ValueTask<(SignedSnapshot? Snapshot, Refusal? Refusal)> FetchAsync(
        Cid cid, string expectedType, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (fetched, refusal) = await content.FetchSnapshotAsync<Snapshot>(cid, patience, cancellationToken);
        if (fetched is not null)
        {
            (refusal, _) = await CheckAsync(fetched.Signed, expectedType, ExpiryCheck.Dated, mayFetch: true, cancellationToken);
        }

        return (refusal is null ? fetched!.Signed : null, refusal);
    }

    /// <summary>Checks a message that claims to be the pool's: a snapshot or a pointer to one. Null when it is not.</summary>
    public async ValueTask<SignedSnapshot?> CheckAsync(ReadOnlyMemory<byte> message, string topic, CancellationToken cancellationToken) =>
        (await CheckAsync(message, topic, mayFetch: true, cancellationToken)).Snapshot;

    private async ValueTask<(SignedSnapshot? Snapshot, bool Later)> CheckAsync(
        ReadOnlyMemory<byte> message, string topic, bool mayFetch, CancellationToken cancellationToken)
    {
        var (read, refusal) = SnapshotPointer.TryRead(message.Span, out var cid)
            ? await content.FetchSnapshotAsync<Snapshot>(cid, FetchPatience, cancellationToken)
            : TypedSnapshot.Read<Snapshot>(message, "The message");
        if (read is null)
        {
            Drop(topic, refusal!.ToString());
            return default;
        }

        (refusal, var later) = await CheckAsync(read.Signed, topic, ExpiryCheck.Now, mayFetch, cancellationToken);
        return (refusal is null && !later ? read.Signed : null, later);
    }

    private async ValueTask<(Refusal? Refusal, bool Later)> CheckAsync(
        SignedSnapshot snapshot, string expectedType, ExpiryCheck lapse, bool mayFetch, CancellationToken cancellationToken)
    {
        var body = snapshot.Body;
        var signature = body.Type == expectedType && body.Signer == pool && body.Pool == pool && body.Network == signers.Network
            ? await signers.CheckAsync(snapshot, cancellationToken, lapse, mayFetch)
            : new SignatureCheckResult(null, default, false, new Refusal(ErrorCodes.WrongSigner, $"It is not {pool}'s '{expectedType}'."));
        if (signature.Unread is not null)
        {
            return (null, true);
        }

        if (signature.Refusal is { } refusal)
        {
            Drop(expectedType, refusal.ToString());
        }
        else if (body is PoolStateSnapshot state)
        {
            horizon.Learn(state);
            if (Newest is not { } known || (state.Term, state.Sequence).CompareTo((known.Term, known.Sequence)) > 0)
            {
                Volatile.Write(ref newest, snapshot);
            }
        }

        return (signature.Refusal, false);
    }

    private async Task ListenAsync(ISubscription subscription, string topic, CancellationToken cancellationToken)
    {
        await using (subscription)
        {
            await foreach (var message in subscription.ReadAllAsync(cancellationToken))
            {
                var later = SnapshotPointer.TryRead(message.Payload.Span, out _) || await HearAsync(message.Payload, topic, mayFetch: false, cancellationToken);
                if (later && !pointers.Writer.TryWrite((message.Payload, topic)))
                {
                    Drop(topic, "too many messages wait for what they name");
                }
            }
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            throw new SwarmPoolException(ErrorCodes.TransportUnavailable, $"The transport ended the subscription to {topic}; the pool can't be heard. Start again.");
        }
    }

    // One deaf ear is a failure at once, whatever the others hear.
    private static async Task RunAsync(List<Task> loops)
    {
        var first = await Task.WhenAny(loops);
        if (first.IsFaulted)
        {
            await first;
        }

        await Task.WhenAll(loops);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var (payload, topic) in pointers.Reader.ReadAllAsync(cancellationToken))
        {
            await HearAsync(payload, topic, mayFetch: true, cancellationToken);
        }
    }

    /// <summary>Passes on what is the pool's. True when it has to be heard again where a delegation may be fetched.</summary>
    private async ValueTask<bool> HearAsync(ReadOnlyMemory<byte> payload, string topic, bool mayFetch, CancellationToken cancellationToken)
    {
        var (snapshot, later) = await CheckAsync(payload, topic, mayFetch, cancellationToken);
        if (snapshot is null)
        {
            return later;
        }

        if (snapshot.Body is Announcement announcement && horizon.IsPast(announcement))
        {
            Drop(topic, "the pool said it before the state that is known here");
        }
        else
        {
            await heard.Writer.WriteAsync(snapshot, cancellationToken);
        }

        return false;
    }

    private void Drop(string topic, string why)
    {
        Interlocked.Increment(ref dropped);
        MessagingLog.Dropped(logger, topic, why);
    }
}
