using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Runtime.Daemon.Status;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class PoolStatusTests
{
    [Fact]
    public async Task It_is_read_beside_the_daemon_and_after_it()
    {
        await using var town = await TestNetwork.OpenAsync();
        var journal = town.Compose().Services.GetRequiredService<IPoolJournal>();
        var host = await town.StartAsync();
        var job = await town.SubmitAsync("2.5");

        var running = await PoolStatus.ReadAsync(journal);
        Assert.Equal(1, running.PendingJobs);
        Assert.Equal(1, running.Term);
        Assert.Equal("epoch-1", running.OpenEpoch!.EpochId);
        Assert.Equal(1, Assert.Single(running.ModelsWithoutMiner).Jobs);
        Assert.Null(running.LastSealed);

        var miner = await town.JoinAsync(1);
        await town.ProveAsync(await town.ClaimAsync(job, miner));
        await host.StopAsync();

        var stopped = await PoolStatus.ReadAsync(journal);
        Assert.Empty(stopped.ModelsWithoutMiner);
        Assert.Equal((0, 0, 1), (stopped.PendingJobs, stopped.ClaimedJobs, stopped.Miners));
        Assert.Equal("2.5", stopped.TotalVolume.ToString());
        Assert.Equal((1, 1), (stopped.OpenEpoch!.Jobs, stopped.OpenEpoch.Proofs));
        Assert.True(stopped.Records > running.Records);
    }
}
