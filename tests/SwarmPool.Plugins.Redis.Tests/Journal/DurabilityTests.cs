using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.RedisServers;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>A pool refuses to start on a server that may lose what it acknowledged, unless it is told to.</summary>
public sealed class DurabilityTests
{
    /// <summary>What the README says that a user needs, but for CONFIG GET.</summary>
    private static readonly string[] Rights = ["+@read", "+@write", "+@scripting", "+@connection", "+@pubsub", "-@dangerous", "+info", "+time", "+wait"];

    [Theory]
    [InlineData("yes", "always", "no", "noeviction", RedisDurability.Always, 0)]
    [InlineData("yes", "always", "no", "volatile-lru", RedisDurability.Always, 0)]
    [InlineData("yes", "everysec", "yes", "noeviction", RedisDurability.Everysec, 0)]
    [InlineData("yes", "everysec", "no", "noeviction", RedisDurability.Always, 1)]
    [InlineData("yes", "always", "yes", "noeviction", RedisDurability.Always, 1)]
    [InlineData("yes", "no", "no", "noeviction", RedisDurability.Everysec, 1)]
    [InlineData("no", "no", "yes", "allkeys-lru", RedisDurability.Always, 4)]
    public void What_is_wrong_with_a_servers_settings_is_listed(string log, string sync, string noSync, string policy, RedisDurability wanted, int problems)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["appendonly"] = log,
            ["appendfsync"] = sync,
            ["no-appendfsync-on-rewrite"] = noSync,
            ["maxmemory-policy"] = policy,
        };
        Assert.Equal(problems, DurabilityCheck.Problems(settings, wanted).Count);
    }

    [Fact]
    public async Task A_server_without_a_log_is_refused_with_the_mend_until_it_is_mended()
    {
        await using var server = await RedisServer.StartAsync();
        await using var journal = Journals.At(server.Configuration);
        var fault = await Journals.ThrowsAsync(JournalFault.NotDurable, () => AcquireAsync(journal));
        Assert.Contains("'appendonly' is 'no', set it to 'yes'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'appendfsync' is 'everysec', set it to 'always'", fault.Message, StringComparison.Ordinal);
        await using (var admin = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",allowAdmin=true"))
        {
            await admin.GetServers()[0].ConfigSetAsync("appendonly", "yes");
            await admin.GetServers()[0].ConfigSetAsync("appendfsync", "always");
        }

        await AcquireAsync(journal);
    }

    [Theory]
    [InlineData(RedisDurability.Everysec)]
    [InlineData(RedisDurability.None)]
    public async Task What_may_be_lost_can_be_said(RedisDurability durability)
    {
        await using var server = await RedisServer.StartAsync(durability == RedisDurability.None ? [] : ["--appendonly", "yes"]);
        await using var journal = Journals.At(server.Configuration, options => options.Durability = durability);
        await AcquireAsync(journal);
    }

    [Fact]
    public async Task A_server_that_came_back_with_other_settings_is_noticed()
    {
        await using var server = await RedisServer.StartAsync(RedisServer.Durable);
        await using var journal = Journals.At(server.Configuration, options => options.TimeoutSeconds = 25);
        var lease = await AcquireAsync(journal);
        await server.KillAsync();
        await server.StartAgainAsync("--appendfsync", "everysec");
        var fault = await Journals.ThrowsAsync(JournalFault.NotDurable, async () =>
        {
            while (true)
            {
                await journal.AppendAsync(lease, Testing.Journal.JournalChains.After(await journal.HeadAsync(default), 1), default);
            }
        });
        Assert.Contains("appendfsync", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_may_not_be_asked_somebody_has_to_vouch_and_no_password_is_shown()
    {
        await using var server = await RedisServer.StartAsync(
            [.. RedisServer.Durable, "--requirepass", "hunter3", "--user", "pool", "on", ">hunter2", "~{swarmpool.eth}:*", "resetchannels", "&{swarmpool.eth}:*", "&__Booksleeve_MasterChanged", .. Rights]);
        var configuration = server.Configuration + ",user=pool,password=hunter2";
        await using (var journal = Journals.At(configuration))
        {
            var fault = await Journals.ThrowsAsync(JournalFault.NotDurable, () => AcquireAsync(journal));
            Assert.Contains("'vouch'", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter", fault.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("hunter", journal.Location, StringComparison.Ordinal);
        }

        await using (var vouched = Journals.At(configuration, options => options.Vouch = true))
        {
            var lease = await AcquireAsync(vouched);
            await vouched.AppendAsync(lease, Testing.Journal.JournalChains.After(JournalHead.Empty, 3), default);
            await vouched.SaveSnapshotAsync(lease, new StateSnapshot("f", 3, new byte[32], new byte[10]), default);
            Assert.Equal(3, (await Testing.Journal.JournalChains.ReadAsync(vouched)).Count);
        }

        await using (var party = Transport.Parties.At(configuration))
        {
            await party.StartAsync(default);
            await using var heard = await party.PubSub.SubscribeAsync("/swarmpool.eth/jobs", default);
            var cid = await party.Content.PutAsync(new byte[] { 1 }, default);
            await party.Content.PinAsync(cid, default);
            await party.PubSub.PublishAsync("/swarmpool.eth/jobs", (await party.Content.GetAsync(cid, 1, default)), default);
            Assert.Single(await Transport.Parties.TakeAsync(heard, 1));
        }

        await using var wrong = Journals.At(server.Configuration + ",user=pool,password=hunter4", options => options.TimeoutSeconds = 2);
        var refused = await Journals.ThrowsAsync(JournalFault.Unavailable, () => AcquireAsync(wrong));
        Assert.DoesNotContain("hunter", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("password", refused.Message, StringComparison.Ordinal);
    }

    private static Task<JournalLease> AcquireAsync(RedisJournal journal) =>
        journal.AcquireAsync(Journals.Pool, "test", TimeSpan.FromMinutes(5), default).AsTask();
}
