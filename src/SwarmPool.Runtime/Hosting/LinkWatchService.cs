using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Roles;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Says, once the transport has started, when what it goes by is lost, and when it is back.</summary>
internal sealed class LinkWatchService(ITransport transport, Waits waits) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = transport.Link is { } link ? WatchAsync(link, stopping.Token) : Task.CompletedTask;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!stopping.IsCancellationRequested)
        {
            await stopping.CancelAsync(); // A host may be stopped by two who end it at once, the second when all is disposed.
        }

        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task WatchAsync(TransportLink link, CancellationToken cancellationToken)
    {
        while (true)
        {
            await IsAsync(link, isUp: false, cancellationToken);
            await waits.RunAsync(new Wait(link.To, link.Where, null) { IsTransport = true }, () => IsAsync(link, isUp: true, cancellationToken), () => link.Current.Problem);
        }
    }

    private static async Task IsAsync(TransportLink link, bool isUp, CancellationToken cancellationToken)
    {
        await foreach (var now in link.WatchAsync(cancellationToken))
        {
            if (now.IsUp == isUp)
            {
                return;
            }
        }
    }
}
