using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Daemon.Publishing;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Runs the watch over the pool's name beside its daemon. It holds up neither its start nor its stop.</summary>
internal sealed class PoolLocationService(PoolLocationWatch watch, SwarmPoolSchedulers schedulers) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = watch.IsNeeded ? Loops.Start(schedulers.Roles, () => watch.RunAsync(stopping.Token)) : Task.CompletedTask;
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
}
