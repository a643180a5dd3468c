using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Hub;

/// <summary>Publish and subscribe inside one process.</summary>
internal sealed class HubPubSub(string name) : IPubSub, IAsyncDisposable
{
    private readonly SubscriptionTable own = new();
    private Hub? hub;
    private string peer = "";

    public int MaxMessageBytes => PubSubRules.MessageBytes;

    public void Start()
    {
        hub = Hub.Named(name);
        peer = hub.Join();
    }

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        PubSubRules.CheckMessage(topic, payload.Length);
        cancellationToken.ThrowIfCancellationRequested();
        Joined().Subscriptions.Deliver(topic, payload.Span, peer);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ISubscription> SubscribeAsync(string topic, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        cancellationToken.ThrowIfCancellationRequested();
        var joined = Joined();
        var subscription = new SubscriptionQueue(topic, MessageLimits.Held, one =>
        {
            joined.Subscriptions.Remove(one);
            own.Remove(one);
            return ValueTask.CompletedTask;
        });
        own.Add(subscription);
        joined.Subscriptions.Add(subscription);
        return ValueTask.FromResult<ISubscription>(subscription);
    }

    public async ValueTask DisposeAsync()
    {
        hub = null;
        foreach (var subscription in own.Subscriptions)
        {
            await subscription.DisposeAsync();
        }
    }

    private Hub Joined() => hub
        ?? throw new TransportException(TransportFault.Unavailable, $"This party is not on the hub {name}: it was not started, or is disposed.");
}
