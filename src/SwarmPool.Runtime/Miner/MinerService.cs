using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Miner;

/// <summary>Runs the miner in a host. What can be told at once (the key is not the name's, no such model) fails the host's start.</summary>
internal sealed class MinerService(Miner miner, TaskScheduler scheduler) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await miner.PrepareAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Loops.Start(scheduler, () => miner.RunAsync(stoppingToken));
}
