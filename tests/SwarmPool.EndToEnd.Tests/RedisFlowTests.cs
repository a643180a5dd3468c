using StackExchange.Redis;
using SwarmPool.RedisServers;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The flow of a first pool whose journal and transport are one Redis server: a daemon, two miners and a client in processes of their own.</summary>
[Trait("Needs", "redis")]
public sealed class RedisFlowTests
{
    [Fact]
    public async Task The_server_may_die_in_the_middle_and_every_job_is_done_and_paid_once()
    {
        await using var pool = (await RedisPool.InitAsync(RedisServer.Durable)).With("epoch_duration_seconds", "10");
        await using var daemon = pool.Daemon();
        await daemon.SaysAsync(RedisPool.Patience, "EPOCH OPENED");
        await using var alice = pool.Miner("alice");
        await using var bob = pool.Miner("bob");
        await alice.SaysAsync(RedisPool.Patience, "Registered");
        await bob.SaysAsync(RedisPool.Patience, "Registered");

        const int Jobs = 3;
        for (var job = 0; job < Jobs; job++)
        {
            var before = Count(daemon, "NEW JOB");
            await using var client = pool.Submit();
            await UntilAsync(daemon, () => Count(daemon, "NEW JOB") > before, "a new job");
            if (job > 0)
            {
                await pool.Server.KillAsync();
                await pool.Server.StartAgainAsync();
            }

            await client.SaysAsync(RedisPool.Patience, "JOB COMPLETE");
            Assert.Equal(0, await client.EndsAsync(RedisPool.Patience));
        }

        await UntilAsync(daemon, () => Count(daemon, "EPOCH SEALED") > 0, "a sealed epoch");
        await using var status = pool.Daemon("status", "--json");
        Assert.True(await status.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', status.Lines));
        var text = string.Join("", status.Lines).Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(Jobs, Count(daemon, "Proof accepted!"));
        Assert.Contains($"\"total_proofs\":{Jobs}", text, StringComparison.Ordinal);
        Assert.Contains($"\"total_jobs\":{Jobs}", text, StringComparison.Ordinal);
        await OutsidersSeeAsync(pool);

        daemon.Interrupt();
        Assert.Equal(0, await daemon.EndsAsync(RedisPool.Patience));
        await using var audit = pool.Daemon("journal", "verify");
        Assert.True(await audit.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', audit.Lines));
    }

    [Fact]
    public async Task Parties_work_with_rights_on_topics_and_contents_alone_and_the_journal_is_the_daemons()
    {
        await using var pool = await (await RedisPool.InitAsync(RedisServer.Durable)).With("epoch_duration_seconds", "5").WithUsersAsync();
        await using var daemon = pool.Daemon();
        await daemon.SaysAsync(RedisPool.Patience, "EPOCH OPENED");
        await using var alice = pool.Miner("alice");
        await alice.SaysAsync(RedisPool.Patience, "Registered");
        await using var client = pool.Submit();
        await client.SaysAsync(RedisPool.Patience, "JOB COMPLETE");
        Assert.Equal(0, await client.EndsAsync(RedisPool.Patience));
        await UntilAsync(daemon, () => Count(daemon, "EPOCH SEALED") > 0, "a sealed epoch");

        foreach (var role in new[] { "miners", "clients" })
        {
            await using var party = await ConnectionMultiplexer.ConnectAsync(pool.ConnectionOf(role) + ",allowAdmin=true");
            var keys = party.GetDatabase();
            foreach (var key in new[] { "journal:head", "journal:lease", "journal:records", "state:cid", "epochs:history", "pointer:swarmpool.eth/state" })
            {
                await DeniedAsync(() => keys.StringSetAsync($"{{swarmpool.eth}}:{key}", "mine"));
                await DeniedAsync(() => keys.ScriptEvaluateAsync("return redis.call('SET', KEYS[1], 'mine')", [$"{{swarmpool.eth}}:{key}"]));
                await DeniedAsync(() => keys.KeyDeleteAsync($"{{swarmpool.eth}}:{key}"));
            }

            await DeniedAsync(() => keys.StreamRangeAsync("{swarmpool.eth}:journal:records"));
            await DeniedAsync(() => keys.ExecuteAsync("FLUSHALL"));
            await DeniedAsync(() => keys.ExecuteAsync("ACL", "LIST"));
            await DeniedAsync(() => keys.KeyDeleteAsync("{swarmpool.eth}:topic:/swarmpool.eth/jobs"));
        }

        daemon.Interrupt();
        Assert.Equal(0, await daemon.EndsAsync(RedisPool.Patience));
        await using var audit = pool.Daemon("journal", "verify");
        Assert.True(await audit.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', audit.Lines));

        static async Task DeniedAsync(Func<Task> call) =>
            Assert.Matches("NOPERM|No permissions|has no permissions|ACL failure", (await Assert.ThrowsAnyAsync<RedisException>(call)).Message);
    }

    [Fact]
    public async Task A_server_started_with_the_acl_lets_in_nobody_without_a_password()
    {
        await using var first = await RedisPool.InitAsync(RedisServer.Durable);
        await using var server = await RedisServer.StartAsync([.. RedisServer.Durable, "--aclfile", Path.Combine(first.Root, "redis.acl")]);
        var nobody = await Assert.ThrowsAnyAsync<Exception>(() => server.AskAsync("get", "{swarmpool.eth}:journal:head"));
        Assert.Contains("NOAUTH", nobody.Message, StringComparison.Ordinal);
        await using var daemon = await ConnectionMultiplexer.ConnectAsync(server.Configuration + first.ConnectionOf("daemon")[first.Server.Configuration.Length..]);
        Assert.True(await daemon.GetDatabase().StringSetAsync("{swarmpool.eth}:journal:test", "1"));
    }

    [Fact]
    public async Task A_server_that_may_lose_what_it_acknowledged_is_refused_with_its_code()
    {
        await using var pool = await RedisPool.InitAsync();
        await using var daemon = pool.Daemon();
        Assert.Equal(7, await daemon.EndsAsync(RedisPool.Patience));
        Assert.Contains(daemon.Lines, line => line.Contains("SP4008", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standby_takes_over_from_a_leader_that_stands_still_and_that_one_writes_nothing_more()
    {
        await using var pool = (await RedisPool.InitAsync(RedisServer.Durable)).With("lease_seconds", "4");
        await using var first = pool.Daemon();
        await first.SaysAsync(RedisPool.Patience, "EPOCH OPENED");
        await using var second = pool.Daemon("run", "--standby");
        await second.SaysAsync(RedisPool.Patience, "STANDS BY");
        await using var alice = pool.Miner("alice");
        await alice.SaysAsync(RedisPool.Patience, "Registered");
        await CompletesAsync(pool);

        first.Pause();
        await second.SaysAsync(RedisPool.Patience, "DAEMON LEADS");
        await CompletesAsync(pool);
        first.Resume();
        Assert.Equal(9, await first.EndsAsync(RedisPool.Patience));
        Assert.Contains(first.Lines, line => line.Contains("SP4007", StringComparison.Ordinal));

        await CompletesAsync(pool);
        second.Interrupt();
        Assert.Equal(0, await second.EndsAsync(RedisPool.Patience));
        await using var status = pool.Daemon("status", "--json");
        Assert.True(await status.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', status.Lines));
        Assert.Contains("\"total_proofs\":3", string.Join("", status.Lines).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await using var verify = pool.Daemon("journal", "verify");
        Assert.True(await verify.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', verify.Lines));

        static async Task CompletesAsync(RedisPool pool)
        {
            await using var client = pool.Submit();
            await client.SaysAsync(RedisPool.Patience, "JOB COMPLETE");
            Assert.Equal(0, await client.EndsAsync(RedisPool.Patience));
        }
    }

    /// <summary>What anybody with a client of the server can look up.</summary>
    private static async Task OutsidersSeeAsync(RedisPool pool)
    {
        await using var raw = await ConnectionMultiplexer.ConnectAsync(pool.Server.Configuration);
        var keys = raw.GetDatabase();
        using var limit = new CancellationTokenSource(RedisPool.Patience);
        while (!await keys.KeyExistsAsync("{swarmpool.eth}:epochs:epoch-1"))
        {
            await Task.Delay(50, limit.Token);
        }

        var first = await keys.StringGetAsync("{swarmpool.eth}:epochs:epoch-1");
        Assert.Equal(first, (await keys.ListRangeAsync("{swarmpool.eth}:epochs:history"))[^1]);
        foreach (var cid in new[] { first, await keys.StringGetAsync("{swarmpool.eth}:state:cid") })
        {
            Assert.True(await keys.KeyExistsAsync($"{{swarmpool.eth}}:content:{cid}"), $"{cid} is not among the contents.");
        }
    }

    private static int Count(RunningProgram program, string words) => program.Lines.Count(line => line.Contains(words, StringComparison.Ordinal));

    private static async Task UntilAsync(RunningProgram program, Func<bool> so, string what)
    {
        using var limit = new CancellationTokenSource(RedisPool.Patience);
        while (!so())
        {
            Assert.False(limit.IsCancellationRequested, $"{what} did not come. {program.Name} said:\n{string.Join('\n', program.Lines)}");
            await Task.Delay(50, default(CancellationToken));
        }
    }
}
