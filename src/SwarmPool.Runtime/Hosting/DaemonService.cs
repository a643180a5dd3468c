using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.State;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Runs the daemon in a host: the host has started when the daemon decides and listens. What ends the daemon stops the
/// host, and is thrown by the host's stop, so that the program can end with its exit code.
/// </summary>
internal sealed class DaemonService(
    PoolDaemon daemon, IPoolJournal journal, Waits waits, SwarmPoolSchedulers schedulers, IHostApplicationLifetime lifetime, ILogger<DaemonService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, schedulers.Roles).Unwrap();
        await waits.RunAsync(new Wait("the journal", journal.Location, null), () => daemon.Ready.WaitAsync(cancellationToken));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!stopping.IsCancellationRequested)
        {
            await stopping.CancelAsync(); // A host may be stopped by two who end it at once, the second when all is disposed.
        }

        await running.WaitAsync(cancellationToken);
    }

    // A host that is dropped without a stop must not leave a daemon behind.
    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await daemon.RunAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return; // Stopped before it had begun to decide.
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            DaemonLog.Stops(logger, e, e.Message);
            throw;
        }
        finally
        {
            // Before it is ready its failure is the host's start's to throw; stopping the host as well would hide it behind a cancellation.
            if (daemon.Ready.IsCompletedSuccessfully)
            {
                lifetime.StopApplication();
            }
        }
    }
}
