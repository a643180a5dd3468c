using SwarmPool.Plugins.Ipfs.Peers;
using SwarmPool.Plugins.Ipfs.PubSub;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Pointers;

/// <summary>
/// Pointers over nodes that share nothing: who set one keeps it in its node's files and answers whoever asks on the
/// pointer's topic. Anybody may answer; the answer of a configured peer, or of the own node, goes before a stranger's, and
/// among equals the newest.
/// </summary>
internal sealed class PointerStore(FileCalls files, PubSubCalls calls, IpfsPubSub pubSub, PeerConnector peers, TimeSpan patience, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(150);
    private const long MaxAheadMs = 300_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, PointerResponder> own = new(StringComparer.Ordinal);

    public async ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        PointerText.CheckName(pointer);
        PointerResponder? answers;
        lock (gate)
        {
            own.TryGetValue(pointer, out answers);
        }

        var target = new PointerTarget(cid, Math.Max(Now, (answers?.Target.At ?? 0) + 1));
        await files.WriteAsync(PointerText.FileOf(pointer), PointerText.Write(target), cancellationToken);
        if (answers is not null)
        {
            answers.Target = target;
            return;
        }

        var made = new PointerResponder(pubSub, await pubSub.SubscribeAsync(PointerText.TopicOf(pointer), cancellationToken), target, time);
        lock (gate)
        {
            if (own.TryAdd(pointer, made))
            {
                return;
            }
        }

        await made.DisposeAsync(); // Another call was quicker.
    }

    public async ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken)
    {
        PointerText.CheckName(pointer);
        var best = new BestTarget(Now + MaxAheadMs);
        if (await files.ReadAsync(PointerText.FileOf(pointer), PointerText.MaxBytes, cancellationToken) is { } kept && PointerText.TryRead(kept, out var mine))
        {
            best.Offer(mine, isTrusted: true);
        }

        var topic = PointerText.TopicOf(pointer);
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await using var heard = await pubSub.SubscribeAsync(topic, both.Token);
            var hearing = HearAsync(heard, best, () => limit.CancelAfter(Settle), both.Token);
            await AskAsync(topic, limit, both.Token);
            await hearing;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Who was there has answered.
        }

        return best.Cid;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var answers in own.Values)
        {
            await answers.DisposeAsync();
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task HearAsync(ISubscription heard, BestTarget best, Action answered, CancellationToken cancellationToken)
    {
        var isAnswered = false;
        await foreach (var message in heard.ReadAllAsync(cancellationToken))
        {
            if (PointerText.TryRead(message.Payload.Span, out var target))
            {
                var isTrusted = peers.IsTrusted(message.Peer);
                best.Offer(target, isTrusted);
                if (isTrusted && !isAnswered)
                {
                    isAnswered = true;
                    answered(); // Others who hold it too are given a moment.
                }
            }
        }
    }

    private async Task AskAsync(string topic, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            await pubSub.PublishAsync(topic, PointerText.Ask, cancellationToken);
            await Task.Delay(AskAgain, time, cancellationToken);

            // Nobody else listens there, and our own node's answer would have come: nobody holds it.
            if (turn == 2 && (await calls.PeersAsync(topic, cancellationToken)).Count == 0)
            {
                await limit.CancelAsync();
            }
        }
    }
}
