using SwarmPool.Transport;

namespace SwarmPool.Testing.Transport;

/// <summary>Reads one subscription from beginning to end, once, and keeps what it heard.</summary>
internal sealed class SubscriptionRecorder : IAsyncDisposable
{
    private readonly ISubscription subscription;
    private readonly Lock gate = new();
    private readonly List<PubSubMessage> heard = [];
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SubscriptionRecorder(ISubscription subscription) => this.subscription = subscription;

    /// <summary>Completes when the subscription has ended, with the fault that ended it if there was one.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public static SubscriptionRecorder On(ISubscription subscription)
    {
        var ear = new SubscriptionRecorder(subscription);
        ear.Ended = ear.ReadAsync();
        return ear;
    }

    public IReadOnlyList<PubSubMessage> Heard()
    {
        lock (gate)
        {
            return [.. heard];
        }
    }

    public bool Has(ReadOnlySpan<byte> payload)
    {
        lock (gate)
        {
            foreach (var message in heard)
            {
                if (message.Payload.Span.SequenceEqual(payload))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Completes with the next message after the call, or with the end.</summary>
    public Task ChangeAsync()
    {
        lock (gate)
        {
            return more.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await subscription.DisposeAsync();
        await Ended;
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var message in subscription.ReadAllAsync(CancellationToken.None))
            {
                TaskCompletionSource told;
                lock (gate)
                {
                    heard.Add(message);
                    told = more;
                    more = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                told.SetResult();
            }
        }
        finally
        {
            lock (gate)
            {
                more.TrySetResult();
            }
        }
    }
}
