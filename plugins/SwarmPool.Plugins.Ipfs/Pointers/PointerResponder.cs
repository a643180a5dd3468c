using SwarmPool.Plugins.Ipfs.PubSub;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Pointers;

/// <summary>Answers who asks for one pointer that was set here. An answer is heard by all, so there are at most ten a second however many ask.</summary>
internal sealed class PointerResponder : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IpfsPubSub pubSub;
    private readonly ISubscription asked;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private readonly Task answering;
    private PointerTarget target;

    public PointerResponder(IpfsPubSub pubSub, ISubscription asked, PointerTarget target, TimeProvider time)
    {
        this.pubSub = pubSub;
        this.asked = asked;
        this.target = target;
        this.time = time;
        answering = AnswerAsync();
    }

    public PointerTarget Target
    {
        get => Volatile.Read(ref target);
        set => Volatile.Write(ref target, value);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await asked.DisposeAsync();
        await answering;
        stop.Dispose();
    }

    private async Task AnswerAsync()
    {
        long answeredAt = 0;
        try
        {
            await foreach (var message in asked.ReadAllAsync(stop.Token))
            {
                if (message.Payload.Span.SequenceEqual(PointerText.Ask.Span) && (answeredAt == 0 || time.GetElapsedTime(answeredAt) >= Pause))
                {
                    answeredAt = time.GetTimestamp();
                    await TryAnswerAsync();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task TryAnswerAsync()
    {
        try
        {
            await pubSub.PublishAsync(asked.Topic, PointerText.Write(Target), stop.Token);
        }
        catch (TransportException)
        {
            // Who asks, asks again; that the node is away is said by who needs it.
        }
    }
}
