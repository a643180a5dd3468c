using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Client;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Starts and stops the client with its host. In a host around it the client connects in the background: the transport may be away. A key
/// that is not the name's fails the host's start where that can be told at once.
/// </summary>
internal sealed class ClientService(PoolClient client, TransportConnector transport, IEnumerable<BackgroundStart> background) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => background.Any()
        ? client.StartInBackgroundAsync(stop => transport.ConnectAsync("it is tried again", stop), cancellationToken)
        : client.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => client.StopAsync().WaitAsync(cancellationToken);
}
