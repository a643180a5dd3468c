using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.RedisServers;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>What real servers do to a journal: each has its name, and nothing acknowledged is lost, nothing is in twice.</summary>
public sealed class JournalFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private RedisServer? started;

    private RedisServer Server => started!;

    public async ValueTask InitializeAsync() => started = await RedisServer.StartAsync([.. RedisServer.Durable, "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"]);

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Killed_and_started_again_it_goes_on_where_it_was()
    {
        await using var journal = Patient();
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var chain = new List<JournalRecord>();
        for (var kill = 0; kill < 4; kill++)
        {
            await AppendAsync(journal, lease, chain, 5);
            var appending = AppendAsync(journal, lease, chain, 40);
            await Server.KillAsync();
            await Server.StartAgainAsync();
            await appending;
        }

        await HoldsAsync(journal, chain);
        Assert.Equal(lease.Fence, (await journal.MembersAsync(default)).Leader!.Fence);
    }

    [Fact]
    public async Task Killed_for_good_it_is_unavailable_in_time_and_nothing_acknowledged_is_lost()
    {
        await using var journal = Journals.At(Server.Configuration, options => options.TimeoutSeconds = 1);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var chain = new List<JournalRecord>();
        await AppendAsync(journal, lease, chain, 3);
        await Server.KillAsync();
        var fault = await Journals.ThrowsAsync(JournalFault.Unavailable, () => journal.AppendAsync(lease, After(chain, 1), default).AsTask());
        Assert.Contains(Server.Configuration, fault.Message, StringComparison.Ordinal);
        await Journals.ThrowsAsync(JournalFault.Unavailable, () => journal.HeadAsync(default).AsTask());

        await Server.StartAgainAsync();
        await using var next = Patient();
        await HoldsAsync(next, chain);
    }

    [Fact]
    public async Task Never_started_it_is_unavailable()
    {
        await Server.KillAsync();
        await using var journal = Journals.At(Server.Configuration, options => options.TimeoutSeconds = 1);
        var fault = await Journals.ThrowsAsync(JournalFault.Unavailable, () => journal.AcquireAsync(Journals.Pool, "test", Long, default).AsTask());
        Assert.Contains("can't be reached", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paused_beyond_the_lease_it_is_taken_by_another_and_the_first_is_refused_for_ever()
    {
        var length = TimeSpan.FromMilliseconds(400);
        await using var first = Patient();
        await using var second = Patient();
        var old = await first.AcquireAsync(Journals.Pool, "first", length, default);
        var chain = new List<JournalRecord>();
        await AppendAsync(first, old, chain, 3);
        Server.Pause();
        await Task.Delay(length * 1.5, default(CancellationToken));
        Server.Continue();
        var taken = await second.AcquireAsync(Journals.Pool, "second", Long, default);
        Assert.Equal(old.Fence + 1, taken.Fence);
        var refused = await Journals.ThrowsAsync(JournalFault.StaleFence, () => first.AppendAsync(old, After(chain, 1), default).AsTask());
        Assert.Contains($"lease {taken.Fence}", refused.Message, StringComparison.Ordinal);
        await Journals.ThrowsAsync(JournalFault.StaleFence, () => first.RenewAsync(old, default).AsTask());
        await AppendAsync(second, taken, chain, 3);
        await second.ReleaseAsync(taken, default);
        await Journals.ThrowsAsync(JournalFault.StaleFence, () => first.AppendAsync(old, After(chain, 1), default).AsTask());
        await HoldsAsync(first, chain);
    }

    [Fact]
    public async Task Paused_beyond_the_patience_the_batch_is_taken_once_or_not_at_all()
    {
        await using var journal = Journals.At(Server.Configuration, options => options.TimeoutSeconds = 1);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", TimeSpan.FromSeconds(1), default);
        var chain = new List<JournalRecord>();
        await AppendAsync(journal, lease, chain, 3);
        Server.Pause();
        var doubtful = After(chain, 10);
        var fault = await Journals.ThrowsAsync(JournalFault.Unavailable, () => journal.AppendAsync(lease, doubtful, default).AsTask());
        Assert.Contains("Whether the batch was appended is unknown", fault.Message, StringComparison.Ordinal);
        Server.Continue();

        await using var next = Patient();
        var taken = await UntilTakenAsync(next);
        if ((await next.HeadAsync(default)).Sequence > chain.Count)
        {
            chain.AddRange(doubtful);
        }

        await AppendAsync(next, taken, chain, 2);
        await HoldsAsync(next, chain);
    }

    [Fact]
    public async Task Full_it_has_no_room_and_takes_nothing_of_the_batch()
    {
        await using var journal = Patient();
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var chain = new List<JournalRecord>();
        await AppendAsync(journal, lease, chain, 3);
        await using var admin = await AdminAsync();
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "1");
        var batch = JournalChains.After(JournalChains.HeadOf(chain), 400, bodyBytes: 1000);
        var fault = await Journals.ThrowsAsync(JournalFault.NoRoom, () => journal.AppendAsync(lease, batch, default).AsTask());
        Assert.Contains("maxmemory", fault.Message, StringComparison.Ordinal);
        await HoldsAsync(journal, chain);
        await admin.GetServers()[0].ConfigSetAsync("maxmemory", "0");
        await journal.AppendAsync(lease, batch, default);
        await HoldsAsync(journal, [.. chain, .. batch]);
    }

    [Fact]
    public async Task Made_a_replica_it_is_not_writable_and_can_be_written_again_once_it_is_a_primary()
    {
        await using var other = await RedisServer.StartAsync(RedisServer.Durable);
        await using var journal = Journals.At(Server.Configuration, options => options.TimeoutSeconds = 1);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var chain = new List<JournalRecord>();
        await AppendAsync(journal, lease, chain, 3);
        await using var admin = await AdminAsync();

        // A primary that never answers, so that the replica keeps what it has.
        other.Pause();
        await admin.GetServers()[0].ExecuteAsync("REPLICAOF", "127.0.0.1", other.Port);
        var fault = await Journals.ThrowsAsync(JournalFault.NoRoom, () => journal.AppendAsync(lease, After(chain, 1), default).AsTask());
        Assert.Contains("primary", fault.Message, StringComparison.Ordinal);
        await admin.GetServers()[0].ExecuteAsync("REPLICAOF", "NO", "ONE");

        await using var patient = Patient();
        await AppendAsync(patient, lease, chain, 2);
        await HoldsAsync(patient, chain);
    }

    [Fact]
    public async Task Slow_it_is_waited_for()
    {
        await using var journal = Patient();
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var chain = new List<JournalRecord>();
        await using var admin = await AdminAsync();
        var sleeping = admin.GetServers()[0].ExecuteAsync("DEBUG", "SLEEP", "0.4");
        await AppendAsync(journal, lease, chain, 2);
        await sleeping;
        await admin.GetServers()[0].ExecuteAsync("CLIENT", "PAUSE", "400", "WRITE");
        await AppendAsync(journal, lease, chain, 2);
        await HoldsAsync(journal, chain);
    }

    [Fact]
    public async Task With_too_few_replicas_neither_a_batch_nor_a_lease_is_acknowledged()
    {
        await using var replica = await Server.StartReplicaAsync(RedisServer.Durable);
        var chain = new List<JournalRecord>();
        await using var journal = Journals.At(Server.Configuration, options => (options.Replicas, options.TimeoutSeconds) = (1, 25));
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        await AppendAsync(journal, lease, chain, 3);

        replica.Pause();
        await using var hasty = Journals.At(Server.Configuration, options => (options.Replicas, options.TimeoutSeconds) = (1, 1));
        var unacknowledged = After(chain, 1);
        var fault = await Journals.ThrowsAsync(JournalFault.Unavailable, () => hasty.AppendAsync(lease, unacknowledged, default).AsTask());
        Assert.Contains("0 of 1 replicas", fault.Message, StringComparison.Ordinal);
        Assert.Contains("not acknowledged", fault.Message, StringComparison.Ordinal);
        await HoldsAsync(hasty, [.. chain, .. unacknowledged]);

        // A fence that only this server knows could be given again by the replica.
        await hasty.ReleaseAsync(lease, default);
        fault = await Journals.ThrowsAsync(JournalFault.Unavailable, () => hasty.AcquireAsync(Journals.Pool, "next", Long, default).AsTask());
        Assert.Contains("0 of 1 replicas", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Told_to_have_replicas_a_server_without_them_takes_nothing()
    {
        await using var replica = await Server.StartReplicaAsync(RedisServer.Durable);
        await using var journal = Journals.At(Server.Configuration, options => (options.Replicas, options.TimeoutSeconds) = (1, 25));
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var chain = new List<JournalRecord>();
        await AppendAsync(journal, lease, chain, 3);
        await using var admin = await AdminAsync();
        await admin.GetServers()[0].ConfigSetAsync("min-replicas-max-lag", 1);
        await admin.GetServers()[0].ConfigSetAsync("min-replicas-to-write", 1);
        replica.Pause();
        while (!(await Server.AskAsync("info", "replication")).Contains("min_slaves_good_slaves:0", StringComparison.Ordinal))
        {
            await Task.Delay(50, default(CancellationToken));
        }

        await using var hasty = Journals.At(Server.Configuration, options => (options.Replicas, options.TimeoutSeconds) = (1, 1));
        var fault = await Journals.ThrowsAsync(JournalFault.Unavailable, () => hasty.AppendAsync(lease, After(chain, 1), default).AsTask());
        Assert.Contains("NOREPLICAS", fault.Message, StringComparison.Ordinal);
        replica.Continue();
        await HoldsAsync(journal, chain);
        await AppendAsync(journal, lease, chain, 1);
    }

    private static List<JournalRecord> After(List<JournalRecord> chain, int count) =>
        JournalChains.After(chain.Count == 0 ? JournalHead.Empty : JournalChains.HeadOf(chain), count);

    /// <summary>Appends so many batches of ten; the chain is what was acknowledged.</summary>
    private static async Task AppendAsync(RedisJournal journal, JournalLease lease, List<JournalRecord> chain, int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            var batch = After(chain, 10);
            await journal.AppendAsync(lease, batch, default);
            chain.AddRange(batch);
        }
    }

    private static async Task HoldsAsync(RedisJournal journal, List<JournalRecord> chain)
    {
        Assert.Equal(
            chain.Select(one => (one.Sequence, Convert.ToHexString(one.Hash.Span))),
            (await JournalChains.ReadAsync(journal)).Select(one => (one.Sequence, Convert.ToHexString(one.Hash.Span))));
        Assert.Equal(chain.Count, (await journal.HeadAsync(default)).Sequence);
    }

    private static async Task<JournalLease> UntilTakenAsync(RedisJournal journal)
    {
        while (true)
        {
            try
            {
                return await journal.AcquireAsync(Journals.Pool, "next", Long, default);
            }
            catch (JournalException e) when (e.Fault == JournalFault.Held)
            {
                await Task.Delay(50, default(CancellationToken));
            }
        }
    }

    private RedisJournal Patient() => Journals.At(Server.Configuration, options => options.TimeoutSeconds = 25);

    private async Task<ConnectionMultiplexer> AdminAsync() => await ConnectionMultiplexer.ConnectAsync(Server.Configuration + ",allowAdmin=true");
}
