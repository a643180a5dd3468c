using System.Text;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Transport;
using SwarmPool.RedisServers;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Transport;

/// <summary>What is this transport's own: streams and channels, expiry and pins, and what a lost server does.</summary>
public sealed class RedisTransportTests(Servers servers)
{
    private readonly string configuration = servers.FreshDatabase();

    [Theory]
    [InlineData("/p.eth/jobs", true)]
    [InlineData("/p.eth/claims/accepted", true)]
    [InlineData("/p.eth/heartbeats", false)]
    [InlineData("/p.eth/state", false)]
    public async Task What_has_to_arrive_is_kept_and_what_is_said_again_leaves_nothing_behind(string topic, bool isKept)
    {
        Assert.Equal(isKept, RedisPubSub.IsStream(topic));
        await using var party = await JoinAsync();
        await using var subscription = await party.PubSub.SubscribeAsync(topic, default);
        await party.PubSub.PublishAsync(topic, "x"u8.ToArray(), default);
        Assert.Equal(["x"u8.ToArray()], await Parties.TakeAsync(subscription, 1));
        await using var raw = await ConnectionMultiplexer.ConnectAsync(configuration);
        Assert.Equal(isKept, await raw.GetDatabase().KeyExistsAsync("{swarmpool.eth}:topic:" + topic));
    }

    [Fact]
    public async Task Messages_of_a_stream_come_once_and_in_order()
    {
        await using var party = await JoinAsync();
        await using var other = await JoinAsync();
        await using var subscription = await other.PubSub.SubscribeAsync("/p.eth/claims", default);
        var said = Enumerable.Range(0, 500).Select(i => Encoding.UTF8.GetBytes($"{i}")).ToList();
        foreach (var message in said)
        {
            await party.PubSub.PublishAsync("/p.eth/claims", message, default);
        }

        Assert.Equal(said, await Parties.TakeAsync(subscription, said.Count));
    }

    [Fact]
    public async Task Who_starts_again_hears_what_was_said_a_moment_ago_if_it_wants_to()
    {
        await using var party = await JoinAsync();
        await party.PubSub.PublishAsync("/p.eth/jobs/new", "before"u8.ToArray(), default);
        await using var late = Parties.At(configuration, options => options.BacklogSeconds = 300);
        await late.StartAsync(default);
        await using var patient = await late.PubSub.SubscribeAsync("/p.eth/jobs/new", default);
        await using var now = Parties.At(configuration, options => options.BacklogSeconds = 0);
        await now.StartAsync(default);
        await using var fresh = await now.PubSub.SubscribeAsync("/p.eth/jobs/new", default);
        await party.PubSub.PublishAsync("/p.eth/jobs/new", "after"u8.ToArray(), default);
        Assert.Equal(["before"u8.ToArray(), "after"u8.ToArray()], await Parties.TakeAsync(patient, 2));
        Assert.Equal(["after"u8.ToArray()], await Parties.TakeAsync(fresh, 1));
    }

    [Fact]
    public async Task Content_expires_unless_it_is_pinned()
    {
        await using var party = await JoinAsync();
        await using var raw = await ConnectionMultiplexer.ConnectAsync(configuration);
        var cid = await party.Content.PutAsync(new byte[] { 1, 2, 3 }, default);
        RedisKey key = $"{{swarmpool.eth}}:content:{cid}";
        async Task<TimeSpan?> LifeAsync() => await raw.GetDatabase().KeyTimeToLiveAsync(key);
        Assert.InRange((await LifeAsync())!.Value, TimeSpan.FromDays(7.9), TimeSpan.FromDays(8));
        await party.Content.PinAsync(cid, default);
        await party.Content.PutAsync(new byte[] { 1, 2, 3 }, default);
        Assert.Null(await LifeAsync());
        await party.Content.UnpinAsync(cid, default);
        Assert.InRange((await LifeAsync())!.Value, TimeSpan.FromDays(7.9), TimeSpan.FromDays(8));
        await raw.GetDatabase().KeyDeleteAsync(key);
        await ThrowsAsync(TransportFault.NotFound, () => party.Content.PinAsync(cid, default).AsTask());
    }

    [Fact]
    public async Task Wrong_bytes_under_a_CID_are_refused_and_mended_by_who_has_the_content()
    {
        await using var party = await JoinAsync();
        await using var raw = await ConnectionMultiplexer.ConnectAsync(configuration);
        var cid = await party.Content.PutAsync(new byte[] { 1, 2, 3 }, default);
        await raw.GetDatabase().StringSetAsync($"{{swarmpool.eth}}:content:{cid}", "forged");
        await ThrowsAsync(TransportFault.Mismatch, () => party.Content.GetAsync(cid, 100, default).AsTask());
        await party.Content.PutAsync(new byte[] { 1, 2, 3 }, default);
        Assert.Equal(new byte[] { 1, 2, 3 }, (await party.Content.GetAsync(cid, 100, default)).ToArray());
    }

    [Fact]
    public async Task Content_that_comes_a_moment_later_is_waited_for()
    {
        await using var party = Parties.At(configuration, options => options.FetchWaitSeconds = 60);
        await party.StartAsync(default);
        var content = new byte[] { 4, 5, 6 };
        var fetching = party.Content.GetAsync(ContentAddress.Of(content), 100, default).AsTask();
        await party.Content.PutAsync(content, default);
        Assert.Equal(content, (await fetching).ToArray());
    }

    [Fact]
    public async Task A_killed_server_costs_no_message_that_was_published()
    {
        await using var server = await RedisServer.StartAsync(RedisServer.Durable);
        await using var publisher = Parties.At(server.Configuration);
        await using var listener = Parties.At(server.Configuration);
        await publisher.StartAsync(default);
        await listener.StartAsync(default);
        await using var subscription = await listener.PubSub.SubscribeAsync("/p.eth/proofs", default);
        await using var beats = await listener.PubSub.SubscribeAsync("/p.eth/heartbeats", default);
        var said = new List<byte[]>();
        for (var kill = 0; kill < 3; kill++)
        {
            for (var i = 0; i < 20; i++)
            {
                said.Add(Encoding.UTF8.GetBytes($"{kill}.{i}"));
                await publisher.PubSub.PublishAsync("/p.eth/proofs", said[^1], default);
            }

            await server.KillAsync();
            await server.StartAgainAsync();
        }

        // A publishing whose answer got lost may have been done twice; none may be missing.
        var heard = new HashSet<string>(StringComparer.Ordinal);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var message in subscription.ReadAllAsync(limit.Token))
        {
            heard.Add(Encoding.UTF8.GetString(message.Payload.Span));
            if (heard.Count == said.Count)
            {
                break;
            }
        }

        Assert.Equal(said.Select(Encoding.UTF8.GetString).Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));

        // The plain channel is subscribed to again, too; what was said meanwhile it has not heard.
        var next = Parties.TakeAsync(beats, 1);
        while (!next.IsCompleted)
        {
            await publisher.PubSub.PublishAsync("/p.eth/heartbeats", "beat"u8.ToArray(), default);
            await Task.WhenAny(next, Task.Delay(20, limit.Token));
        }

        Assert.Equal(["beat"u8.ToArray()], await next);
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for_at_the_start_and_named_when_it_does_not_come()
    {
        await using var server = await RedisServer.StartAsync(RedisServer.Durable);
        await server.KillAsync();
        await using (var hasty = Parties.At(server.Configuration, options => (options.TimeoutSeconds, options.ConnectTimeoutSeconds) = (1, 1)))
        {
            var fault = await ThrowsAsync(TransportFault.Unavailable, () => hasty.StartAsync(default).AsTask());
            Assert.Contains(server.Configuration, fault.Message, StringComparison.Ordinal);
        }

        await using var patient = Parties.At(server.Configuration, options => options.TimeoutSeconds = 1);
        var starting = patient.StartAsync(default).AsTask();
        await server.StartAgainAsync();
        await starting;
    }

    [Fact]
    public async Task Its_link_follows_the_server_and_names_it_without_a_secret()
    {
        await using var server = await RedisServer.StartAsync(RedisServer.Durable);
        await using var party = Parties.At(server.Configuration + ",name=hunter2");
        var link = party.Link!;
        Assert.Equal(("the Redis server", false), (link.To, link.Current.IsUp));
        Assert.Contains(server.Configuration, link.Where, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", link.Where, StringComparison.Ordinal);
        await party.StartAsync(default);
        Assert.True(link.Current.IsUp);
        await using var subscription = await party.PubSub.SubscribeAsync("/p.eth/state", default);
        for (var kill = 0; kill < 2; kill++)
        {
            await server.KillAsync();
            await UntilAsync(isUp: false);
            await server.StartAgainAsync();
            await UntilAsync(isUp: true);
        }

        async Task UntilAsync(bool isUp)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await foreach (var now in link.WatchAsync(limit.Token))
            {
                if (now.IsUp == isUp)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task A_full_server_is_named_with_the_mend()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory", "1");
        await using var party = Parties.At(server.Configuration, options => options.TimeoutSeconds = 2);
        await party.StartAsync(default);
        var fault = await ThrowsAsync(TransportFault.Unavailable, () => party.Content.PutAsync(new byte[1000], default).AsTask());
        Assert.Contains("maxmemory", fault.Message, StringComparison.Ordinal);
        await ThrowsAsync(TransportFault.Unavailable, () => party.PubSub.PublishAsync("/p.eth/jobs", new byte[10], default).AsTask());
    }

    private static async Task<TransportException> ThrowsAsync(TransportFault fault, Func<Task> work)
    {
        var thrown = await Assert.ThrowsAsync<TransportException>(work);
        Assert.Equal((fault, thrown.Message), (thrown.Fault, thrown.Message));
        return thrown;
    }

    private async Task<RedisTransport> JoinAsync()
    {
        var party = Parties.At(configuration);
        await party.StartAsync(default);
        return party;
    }
}
