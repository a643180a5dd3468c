using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Runs the miner in a host. What can be told at once (the key is not the name's, no such model) fails the host's start, before the transport
/// is waited for; what ends the miner later stops the host and is thrown by the host's stop.
/// </summary>
internal sealed class MinerService(
    Miner.Miner miner,
    SwarmPoolSchedulers schedulers,
    IHostApplicationLifetime lifetime,
    NamedOptions<MinerOptions> options,
    IOptions<HostOptions> host,
    ILogger<MinerService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The host must not give up on a miner that drains. Set here: a host reads its options before ours are validated.
        var needed = TimeSpan.FromSeconds(options.Value.DrainSeconds + 15);
        host.Value.ShutdownTimeout = host.Value.ShutdownTimeout > needed ? host.Value.ShutdownTimeout : needed;
        running = Loops.Start(schedulers.Roles, RunAsync);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        stopping.Cancel();
        await running.WaitAsync(cancellationToken);
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        try
        {
            await miner.RunAsync(stopping.Token);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            MinerLog.Stops(logger, e, e.Message);
            throw;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
