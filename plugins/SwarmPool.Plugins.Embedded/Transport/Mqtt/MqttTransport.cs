using SwarmPool.Plugins.Embedded.Transport.Content;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>Messages over MQTT, through a broker of another process; contents in a folder.</summary>
internal sealed class MqttTransport(MqttPubSub pubSub, FolderContentStore content) : ITransport
{
    public IContentStore Content => content;

    public IPubSub PubSub => pubSub;

    public TransportLink? Link => pubSub.Link;

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        content.Start();
        await pubSub.StartAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => pubSub.DisposeAsync();
}
