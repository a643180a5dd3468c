using SwarmPool.Plugins.Embedded.Transport.Content;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>Messages over MQTT, through a broker of this process where it runs one; contents in a folder.</summary>
internal sealed class MqttTransport(MqttPubSub pubSub, MqttBroker? broker, FolderContentStore content) : ITransport
{
    public IContentStore Content => content;

    public IPubSub PubSub => pubSub;

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        content.Start();
        if (broker is not null)
        {
            await broker.StartAsync();
        }

        await pubSub.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await pubSub.DisposeAsync();
        if (broker is not null)
        {
            await broker.DisposeAsync();
        }
    }
}
