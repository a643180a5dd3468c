using StackExchange.Redis;
using SwarmPool.RedisServers;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>A primary that dies, and a Sentinel that makes one of its replicas the next.</summary>
public sealed class SentinelTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_replica_takes_over_and_nothing_that_replicas_acknowledged_is_lost()
    {
        string[] settings = [.. RedisServer.Durable, "--repl-diskless-sync-delay", "0"];
        await using var primary = await RedisServer.StartAsync(settings);
        await using var one = await primary.StartReplicaAsync(settings);
        await using var two = await primary.StartReplicaAsync(settings);
        await using var sentinel = await primary.StartSentinelAsync("pool");
        await SeesAsync(sentinel, 2);
        await using var journal = Journals.At(sentinel.Configuration + ",serviceName=pool", options => (options.Replicas, options.TimeoutSeconds) = (2, 25));
        Assert.Contains("/pool of swarmpool.eth", journal.Location, StringComparison.Ordinal);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var chain = JournalChains.After(JournalHead.Empty, 20);
        await journal.AppendAsync(lease, chain, default);

        await primary.KillAsync();
        await using var next = Journals.At(sentinel.Configuration + ",serviceName=pool", options => (options.Replicas, options.TimeoutSeconds) = (1, 25));
        Assert.Equal(20, (await UntilAsync(() => next.HeadAsync(default).AsTask())).Sequence);
        var more = JournalChains.After(JournalChains.HeadOf(chain), 5);
        await UntilAsync(async () =>
        {
            await next.AppendAsync(lease, more, default);
            return true;
        });
        chain.AddRange(more);
        Assert.Equal(chain.Select(record => record.Sequence), (await JournalChains.ReadAsync(next)).Select(record => record.Sequence));
        Assert.Equal(25, (await UntilAsync(() => journal.HeadAsync(default).AsTask())).Sequence);
    }

    // An election takes its time; what fails meanwhile has to fail as unavailable or not writable, and no other way.
    private static async Task<T> UntilAsync<T>(Func<Task<T>> call)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            try
            {
                return await call();
            }
            catch (JournalException e) when (e.Fault is JournalFault.Unavailable or JournalFault.NoRoom && !limit.IsCancellationRequested)
            {
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static async Task SeesAsync(RedisServer sentinel, int replicas)
    {
        await using var admin = await ConnectionMultiplexer.SentinelConnectAsync(sentinel.Configuration);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await admin.GetServers()[0].SentinelReplicasAsync("pool")).Length < replicas)
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
