using Microsoft.Extensions.Hosting;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Connects the transport before any role starts. It is the first hosted service, so the transport is also made first
/// and disposed last. It starts in the "starting" phase, which comes first even when services start concurrently. What can be told to be wrong
/// without the transport is told before it is waited for.
/// </summary>
internal sealed class TransportStarter(TransportConnector connector, IEnumerable<LocalCheck> checks, IEnumerable<BackgroundStart> background) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!background.Any())
        {
            await LocalCheck.RunAllAsync(checks, cancellationToken);
            await connector.ConnectAsync("then start again", cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
