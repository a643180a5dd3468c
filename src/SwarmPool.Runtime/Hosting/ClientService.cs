using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Client;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Starts and stops the client with its host. A key that is not the name's fails the host's start.</summary>
internal sealed class ClientService(PoolClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => client.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => client.StopAsync().WaitAsync(cancellationToken);
}
