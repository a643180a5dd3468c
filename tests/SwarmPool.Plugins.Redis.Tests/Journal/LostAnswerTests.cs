using SwarmPool.RedisServers;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>Calls whose answer got lost: done, and to be found out, never to be done again.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private RedisServer? server;
    private CuttingProxy? proxy;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartAsync([.. RedisServer.Durable, "--repl-diskless-sync-delay", "0"]);
        proxy = new CuttingProxy(server.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await proxy!.DisposeAsync();
        await server!.DisposeAsync();
    }

    [Fact]
    public async Task An_append_is_found_to_be_taken_and_counts_once()
    {
        await using var journal = Journals.At(proxy!.Configuration, options => options.TimeoutSeconds = 25);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", TimeSpan.FromMinutes(5), default);
        var records = JournalChains.After(JournalHead.Empty, 60);
        await journal.AppendAsync(lease, records.GetRange(0, 20), default);
        proxy.Arm();
        await journal.AppendAsync(lease, records.GetRange(20, 20), default);
        Assert.Equal(1, proxy.Cuts);
        await journal.AppendAsync(lease, records.GetRange(40, 20), default);
        Assert.Equal(records.Select(one => one.Sequence), (await JournalChains.ReadAsync(journal)).Select(one => one.Sequence));
        Assert.Equal(records[^1].Hash.ToArray(), (await journal.HeadAsync(default)).Hash.ToArray());

        // Only within one call: who appends the same again from outside is told that it is in.
        await Journals.ThrowsAsync(JournalFault.NotNext, () => journal.AppendAsync(lease, records.GetRange(40, 20), default).AsTask());
    }

    [Fact]
    public async Task An_append_that_no_replica_has_is_not_acknowledged_when_it_is_asked_for_again_over_a_new_connection()
    {
        await using var replica = await server!.StartReplicaAsync(RedisServer.Durable);
        await using var journal = Journals.At(proxy!.Configuration, options => (options.Replicas, options.TimeoutSeconds) = (1, 25));
        var lease = await journal.AcquireAsync(Journals.Pool, "test", TimeSpan.FromMinutes(5), default);
        var records = JournalChains.After(JournalHead.Empty, 40);
        await journal.AppendAsync(lease, records.GetRange(0, 20), default);
        replica.Pause();
        await using var hasty = Journals.At(proxy.Configuration, options => (options.Replicas, options.TimeoutSeconds) = (1, 2));
        await hasty.RenewAsync(lease, default);
        proxy.Arm();
        await Journals.ThrowsAsync(JournalFault.Unavailable, () => hasty.AppendAsync(lease, records.GetRange(20, 20), default).AsTask());
        Assert.Equal(1, proxy.Cuts);
        replica.Continue();
    }

    [Fact]
    public async Task A_lease_is_found_to_be_ours_and_its_fence_is_given_once()
    {
        // Two other scripts come first, so that the connection is there and the one that is cut is the taking.
        await using var journal = Journals.At(proxy!.Configuration, options => options.TimeoutSeconds = 25);
        var first = await journal.AcquireAsync(Journals.Pool, "first", TimeSpan.FromMinutes(5), default);
        await journal.ReleaseAsync(first, default);
        proxy.Arm();
        var second = await journal.AcquireAsync(Journals.Pool, "second", TimeSpan.FromMinutes(5), default);
        Assert.Equal((1, first.Fence + 1), (proxy.Cuts, second.Fence));
        await journal.AppendAsync(second, JournalChains.After(JournalHead.Empty, 1), default);
    }

    [Fact]
    public async Task A_snapshot_is_saved_once()
    {
        await using var journal = Journals.At(proxy!.Configuration, options => options.TimeoutSeconds = 25);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", TimeSpan.FromMinutes(5), default);
        proxy.Arm();
        await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 1, new byte[32], new byte[700_000]), default);
        Assert.Equal((1, 700_000), (proxy.Cuts, (await journal.LoadSnapshotAsync(default))!.Body.Length));
    }
}
