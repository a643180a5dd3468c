using SwarmPool.Plugins.Embedded.Transport.Content;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>The transport of the process that runs the broker: it publishes and hears inside it; contents in a folder.</summary>
internal sealed class BrokerTransport(MqttBroker broker, FolderContentStore content) : ITransport, IPubSub
{
    public IContentStore Content => content;

    public IPubSub PubSub => this;

    int IPubSub.MaxMessageBytes => PubSubRules.MessageBytes;

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        content.Start();
        await broker.StartAsync();
    }

    ValueTask IPubSub.PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        PubSubRules.CheckTopic(topic);
        PubSubRules.CheckMessage(topic, payload.Length);
        return broker.PublishAsync(topic, payload, cancellationToken);
    }

    ValueTask<ISubscription> IPubSub.SubscribeAsync(string topic, CancellationToken cancellationToken) => broker.ListenAsync(topic, cancellationToken);

    public ValueTask DisposeAsync() => broker.DisposeAsync();
}
