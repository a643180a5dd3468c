using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.Plugins.Redis.Tests.Journal;
using SwarmPool.Plugins.Redis.Tests.Transport;
using SwarmPool.RedisServers;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Redis.Tests.Cluster;

/// <summary>A primary that dies while a pool writes, and a slot that is moved while it does.</summary>
[Collection(ClusterFixture.Name)]
public sealed class ClusterFaultTests(ClusterFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private RedisCluster Cluster => fixture.Cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await Cluster.MendAsync();

    [Fact]
    public async Task A_killed_primary_is_followed_by_its_replica_and_nothing_that_was_acknowledged_is_lost_or_doubled()
    {
        const string Pool = "fallen.eth", Proofs = "/fallen.eth/proofs", Beats = "/fallen.eth/heartbeats";
        await using var journal = At(Pool, replicas: 1);
        await using var next = At(Pool, replicas: 1);
        await using var party = Parties.At(fixture.Configuration, options => options.Pool = Pool);
        await using var proofs = await party.PubSub.SubscribeAsync(Proofs, default);
        await using var beats = await party.PubSub.SubscribeAsync(Beats, default);
        var lease = await journal.AcquireAsync(Pool, "first", Long, default);
        var appender = new SteadyAppender(journal, lease);
        await appender.UntilMoreAsync(20);

        var primary = await Cluster.PrimaryAsync($"{{{Pool}}}");
        var replica = await Cluster.ReplicaAsync(primary);
        await primary.KillAsync();
        await RedisCluster.UntilPrimaryAsync(replica);
        await Journals.ThrowsAsync(JournalFault.Held, () => next.AcquireAsync(Pool, "next", Long, default).AsTask());
        await primary.StartAgainAsync(); // Until it follows, nobody has what the new primary writes.
        await appender.UntilMoreAsync(20);
        await appender.HoldsAsync();

        await journal.ReleaseAsync(lease, default);
        var taken = await next.AcquireAsync(Pool, "next", Long, default);
        Assert.Equal(lease.Fence + 1, taken.Fence);
        await Journals.ThrowsAsync(JournalFault.StaleFence, async () => await journal.AppendAsync(lease, JournalChains.After(await next.HeadAsync(default), 1), default));

        // Who listened before hears what is said now.
        await party.PubSub.PublishAsync(Proofs, "a proof"u8.ToArray(), default);
        Assert.Equal(["a proof"u8.ToArray()], await Parties.TakeAsync(proofs, 1));
        var heard = Parties.TakeAsync(beats, 1);
        while (!heard.IsCompleted)
        {
            await party.PubSub.PublishAsync(Beats, "beat"u8.ToArray(), default);
            await Task.WhenAny(heard, Task.Delay(50, CancellationToken.None));
        }

        Assert.Equal(["beat"u8.ToArray()], await heard);
    }

    [Fact]
    public async Task What_only_a_killed_primary_had_is_lost_without_replicas_and_its_writer_is_refused()
    {
        const string Pool = "alone.eth";
        await using var journal = At(Pool, replicas: 0);
        var lease = await journal.AcquireAsync(Pool, "first", Long, default);
        var chain = JournalChains.After(JournalHead.Empty, 20);
        await journal.AppendAsync(lease, chain[..10], default);
        var primary = await Cluster.PrimaryAsync($"{{{Pool}}}");
        var replica = await Cluster.ReplicaAsync(primary);
        Assert.Equal("1", await primary.AskAsync("wait", "1", "60000"));
        await replica.KillAsync();
        await journal.AppendAsync(lease, chain[10..], default);
        await primary.KillAsync();
        await replica.StartAgainAsync();
        await replica.AskAsync("cluster", "failover", "takeover");
        await RedisCluster.UntilPrimaryAsync(replica);

        await using var reader = At(Pool, replicas: 0);
        Assert.Equal(10, (await reader.HeadAsync(default)).Sequence);
        await Journals.ThrowsAsync(JournalFault.NotNext, () => journal.AppendAsync(lease, JournalChains.After(JournalChains.HeadOf(chain), 1), default).AsTask());
    }

    [Theory]
    [InlineData("moved0.eth", 0)]
    [InlineData("moved1.eth", 1)]
    public async Task A_slot_is_moved_under_a_pool_that_writes_and_speaks(string pool, int replicas)
    {
        var topic = $"/{pool}/proofs";
        await using var journal = At(pool, replicas);
        await using var party = Parties.At(fixture.Configuration, options => options.Pool = pool);
        await using var proofs = await party.PubSub.SubscribeAsync(topic, default);
        var lease = await journal.AcquireAsync(pool, "test", Long, default);
        await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 1, new byte[32], new byte[600_000]), default);
        await party.PubSub.PublishAsync(topic, "before"u8.ToArray(), default);
        var appender = new SteadyAppender(journal, lease);
        await appender.UntilMoreAsync(20);

        var slot = await Cluster.SlotAsync($"{{{pool}}}");
        var from = await Cluster.PrimaryAsync($"{{{pool}}}");
        var to = await Cluster.PrimaryAsync(await ElsewhereAsync(from));
        Task? saying = null;
        await Cluster.MoveSlotAsync(slot, from, to, halfWay: () =>
        {
            saying = party.PubSub.PublishAsync(topic, "meanwhile"u8.ToArray(), default).AsTask();
            return Task.CompletedTask;
        });
        await saying!;
        await appender.UntilMoreAsync(20);
        await appender.HoldsAsync();
        Assert.Equal(to, await Cluster.PrimaryAsync($"{{{pool}}}"));
        await party.PubSub.PublishAsync(topic, "after"u8.ToArray(), default);
        Assert.Equal(["before"u8.ToArray(), "meanwhile"u8.ToArray(), "after"u8.ToArray()], await Parties.TakeAsync(proofs, 3));
        Assert.NotNull(await journal.LoadSnapshotAsync(default));
        await journal.RenewAsync(lease, default);
    }

    private RedisJournal At(string pool, int replicas) =>
        Journals.At(fixture.Configuration, options => (options.Pool, options.Replicas, options.TimeoutSeconds) = (pool, replicas, 25));

    private async Task<string> ElsewhereAsync(RedisServer than)
    {
        for (var i = 0; ; i++)
        {
            if (await Cluster.PrimaryAsync($"{i}") != than)
            {
                return $"{i}";
            }
        }
    }
}
