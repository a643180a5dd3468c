using SwarmPool.Plugins.Embedded.Transport.Content;
using SwarmPool.Plugins.Embedded.Transport.Hub;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport;

/// <summary>Messages in one process, contents in a folder.</summary>
internal sealed class HubTransport(HubPubSub pubSub, FolderContentStore content) : ITransport
{
    public IContentStore Content => content;

    public IPubSub PubSub => pubSub;

    public ValueTask StartAsync(CancellationToken cancellationToken)
    {
        content.Start();
        pubSub.Start();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => pubSub.DisposeAsync();
}

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
