using SwarmPool.Plugins.Embedded.Transport.Content;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Hub;

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
