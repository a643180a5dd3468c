using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.State;
using SwarmPool.Testing.Journal;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>What is this journal's own: its keys, its pieces, its holder's time, and damage done from outside.</summary>
public sealed class RedisJournalTests(Servers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private readonly string configuration = servers.FreshDatabase();
    private ConnectionMultiplexer? raw;

    private IDatabase Keys => raw!.GetDatabase();

    public async ValueTask InitializeAsync() => raw = await ConnectionMultiplexer.ConnectAsync(configuration + ",allowAdmin=true");

    public async ValueTask DisposeAsync() => await raw!.DisposeAsync();

    [Fact]
    public async Task A_holder_is_named_with_the_time_of_its_taking_by_the_servers_clock()
    {
        await using var journal = Journals.At(configuration);
        await journal.AcquireAsync(Journals.Pool, "host-7, process 42", Long, default);
        var held = await Journals.ThrowsAsync(JournalFault.Held, () => journal.AcquireAsync(Journals.Pool, "other", Long, default).AsTask());
        Assert.Contains("host-7, process 42 since 20", held.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_lapses_by_itself_and_a_renewed_one_does_not()
    {
        var length = TimeSpan.FromMilliseconds(300);
        await using var first = Journals.At(configuration);
        await using var second = Journals.At(configuration);
        var lease = await first.AcquireAsync(Journals.Pool, "first", length, default);
        await first.RenewAsync(lease, default);
        Assert.Equal(lease.Fence, (await second.MembersAsync(default)).Leader!.Fence);
        await Task.Delay(length * 1.2, default(CancellationToken));
        Assert.Null((await second.MembersAsync(default)).Leader);

        // Nobody took it: it still counts, and lives on.
        await first.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 1), default);
        await first.RenewAsync(lease, default);
        Assert.Equal(lease.Fence, (await second.MembersAsync(default)).Leader!.Fence);
    }

    [Fact]
    public async Task Pitfall27_every_key_begins_with_the_pools_name_and_two_pools_on_one_database_know_nothing_of_each_other()
    {
        await using var one = Journals.At(configuration, options => options.Pool = "one.eth");
        await using var two = Journals.At(configuration, options => options.Pool = "one.eth2");
        var leases = (One: await one.AcquireAsync("one.eth", "a", Long, default), Two: await two.AcquireAsync("one.eth2", "b", Long, default));
        await one.AppendAsync(leases.One, JournalChains.After(JournalHead.Empty, 3), default);
        await two.AppendAsync(leases.Two, JournalChains.After(JournalHead.Empty, 5, "other"), default);
        foreach (var (journal, lease) in new[] { (one, leases.One), (two, leases.Two) })
        {
            await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 1, new byte[32], new byte[10]), default);
            await journal.SaveCursorAsync(lease, "c", 1, default);
            await journal.ReportAsync("standby", 1, Long, default);
        }

        Assert.Equal((3, 5), ((await one.HeadAsync(default)).Sequence, (await two.HeadAsync(default)).Sequence));
        await foreach (var key in raw!.GetServers()[0].KeysAsync(Keys.Database))
        {
            Assert.Matches(@"^\{one\.eth2?\}:journal:", key.ToString());
        }
    }

    [Fact]
    public async Task Reading_makes_no_journal_and_writes_nothing()
    {
        await using var journal = Journals.At(configuration);
        await Journals.ThrowsAsync(JournalFault.Unavailable, () => journal.HeadAsync(default).AsTask());
        await Journals.ThrowsAsync(JournalFault.Unavailable, () => JournalChains.ReadAsync(journal));
        Assert.Null(await journal.LoadSnapshotAsync(default));
        Assert.Equal(0, await journal.LoadCursorAsync("c", default));
        Assert.Null((await journal.MembersAsync(default)).Leader);
        Assert.Equal(0, await raw!.GetServers()[0].DatabaseSizeAsync(Keys.Database));
    }

    [Fact]
    public async Task A_large_snapshot_comes_in_pieces_and_leaves_nothing_of_the_one_before()
    {
        await using var journal = Journals.At(configuration, options => options.TimeoutSeconds = 25);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        var body = new byte[20_000_000];
        new Random(7).NextBytes(body);
        await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 1, new byte[32], body), default);
        var first = (string?)await Keys.HashGetAsync("{swarmpool.eth}:journal:snapshot", "id");
        Assert.Null(await Keys.KeyTimeToLiveAsync($"{{swarmpool.eth}}:journal:snapshot:{first}"));
        Assert.Equal(body, (await journal.LoadSnapshotAsync(default))!.Body.ToArray());

        await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 2, new byte[32], body.AsMemory(0, 600_000)), default);
        Assert.Equal(2, (await journal.LoadSnapshotAsync(default))!.Sequence);
        Assert.InRange((await Keys.KeyTimeToLiveAsync($"{{swarmpool.eth}}:journal:snapshot:{first}"))!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_snapshot_whose_bytes_went_bad_is_none()
    {
        await using var journal = Journals.At(configuration);
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 1, new byte[32], new byte[10]), default);
        var id = (string?)await Keys.HashGetAsync("{swarmpool.eth}:journal:snapshot", "id");
        await Keys.HashSetAsync($"{{swarmpool.eth}}:journal:snapshot:{id}", 0, "x");
        Assert.Null(await journal.LoadSnapshotAsync(default));
    }

    [Fact]
    public async Task A_missing_record_is_seen()
    {
        await using var journal = Journals.At(configuration);
        await FillAsync(journal, 5);
        await Keys.StreamDeleteAsync("{swarmpool.eth}:journal:records", ["3-0"]);
        var damage = await Assert.ThrowsAsync<JournalException>(() => JournalChains.ReadAsync(journal));
        Assert.Equal(JournalFault.Damaged, damage.Fault);
        Assert.Contains("record 3 is missing", damage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("head")]
    [InlineData("format")]
    [InlineData("fence")]
    [InlineData("records")]
    public async Task A_journal_without_one_of_its_parts_is_damaged_not_new(string part)
    {
        await using (var journal = Journals.At(configuration))
        {
            await FillAsync(journal, 3);
        }

        await Keys.KeyDeleteAsync($"{{swarmpool.eth}}:journal:{part}");
        await using var again = Journals.At(configuration);
        await Journals.ThrowsAsync(JournalFault.Damaged, () => again.AcquireAsync(Journals.Pool, "test", Long, default).AsTask());
    }

    [Fact]
    public async Task A_last_record_that_went_bad_is_seen_at_the_taking()
    {
        await using (var journal = Journals.At(configuration))
        {
            await FillAsync(journal, 3);
        }

        var last = (await Keys.StreamRangeAsync("{swarmpool.eth}:journal:records", "3-0", "3-0"))[0].Values;
        await Keys.StreamDeleteAsync("{swarmpool.eth}:journal:records", ["3-0"]);
        await raw!.GetDatabase().ExecuteAsync("XSETID", "{swarmpool.eth}:journal:records", "2-0");
        await Keys.StreamAddAsync("{swarmpool.eth}:journal:records", [last[0], new NameValueEntry(last[1].Name, "x")], "3-0");
        await using var again = Journals.At(configuration);
        var damage = await Journals.ThrowsAsync(JournalFault.Damaged, () => again.AcquireAsync(Journals.Pool, "test", Long, default).AsTask());
        Assert.Contains("record 3", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outsiders_find_the_state_and_the_epochs_and_a_replaced_daemon_no_longer_says_them()
    {
        var (state, first, second) = (Cid.OfBlock([1]), Cid.OfBlock([2]), Cid.OfBlock([3]));
        await using var old = Journals.At(configuration);
        await old.AcquireAsync(Journals.Pool, "old", Long, default);
        old.PublicIndex.Show(Journals.Pool, state, [new PublicEpoch("epoch-1", first), new PublicEpoch("epoch-2", second)]);
        await UntilAsync("{swarmpool.eth}:state:cid", state);
        old.PublicIndex.Show(Journals.Pool, first, [new PublicEpoch("epoch-1", first), new PublicEpoch("epoch-2", second)]);
        await UntilAsync("{swarmpool.eth}:state:cid", first);
        Assert.Equal([$"{second}", $"{first}"], (await Keys.ListRangeAsync("{swarmpool.eth}:epochs:history")).Select(one => (string?)one));
        await UntilAsync("{swarmpool.eth}:epochs:epoch-2", second);

        await Keys.KeyDeleteAsync("{swarmpool.eth}:journal:lease");
        await using var next = Journals.At(configuration);
        await next.AcquireAsync(Journals.Pool, "next", Long, default);
        next.PublicIndex.Show(Journals.Pool, second, []);
        await UntilAsync("{swarmpool.eth}:state:cid", second);
        old.PublicIndex.Show(Journals.Pool, state, []);
        await old.DisposeAsync(); // It has had its say by then.
        Assert.Equal($"{second}", (string?)await Keys.StringGetAsync("{swarmpool.eth}:state:cid"));
    }

    private async Task UntilAsync(string key, Cid cid)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((string?)await Keys.StringGetAsync(key) != $"{cid}")
        {
            await Task.Delay(10, limit.Token);
        }
    }

    [Fact]
    public async Task Records_can_be_read_by_anyone_with_a_client_of_the_server()
    {
        await using var journal = Journals.At(configuration);
        await FillAsync(journal, 3);
        var entry = (await Keys.StreamRangeAsync("{swarmpool.eth}:journal:records", "2", "2"))[0];
        Assert.StartsWith("""{"previous":""", (string)entry.Values[1].Value!, StringComparison.Ordinal);
        Assert.Matches("^0 3 [0-9a-f]{64}$", (string?)await Keys.StringGetAsync("{swarmpool.eth}:journal:head"));
    }

    private static async Task FillAsync(RedisJournal journal, int count)
    {
        var lease = await journal.AcquireAsync(Journals.Pool, "test", Long, default);
        foreach (var record in JournalChains.After(JournalHead.Empty, count))
        {
            await journal.AppendAsync(lease, [record], default);
        }

        await journal.ReleaseAsync(lease, default);
    }
}
