using System.Diagnostics;
using System.Globalization;
using SwarmPool.Plugins.Redis;
using SwarmPool.RedisServers;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>
/// The leader of two daemons on one Redis is killed (SIGKILL) or stands still (SIGSTOP) for longer than its lease, in turn, while jobs
/// flow: the other takes over, no job is lost, none is paid twice. SWARMPOOL_STANDBY_KILLS says how often;
/// SWARMPOOL_STANDBY_LEASE how many seconds the lease has; SWARMPOOL_STANDBY_TABLE names a file for the table.
/// </summary>
public sealed class StandbyKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = Number("SWARMPOOL_STANDBY_KILLS", 10);
    private static readonly int Lease = Number("SWARMPOOL_STANDBY_LEASE", 1);

    [Fact]
    public async Task A_leader_that_dies_or_stands_still_is_followed_by_its_standby_without_a_job_lost()
    {
        await using var pool = (await RedisPool.InitAsync(RedisServer.Durable))
            .With("lease_seconds", Lease.ToString(CultureInfo.InvariantCulture)).With("state_seconds", "1").With("cool_down_seconds", "0")
            .With("epoch_duration_seconds", "10").With("max_attempts", "100").With("claim_timeout_seconds", "5");
        await using var client = await SteadyClient.StartAsync(pool.Root, builder => builder.UseRedisTransport(o =>
        {
            o.Configuration = pool.Server.Configuration;
            o.Pool = "swarmpool.eth";
        }));
        var (watch, takeOvers) = (Stopwatch.StartNew(), new List<(string How, TimeSpan Took)>());
        var leads = Daemon(pool);
        var follows = leads;
        try
        {
            await leads.SaysAsync(RedisPool.Patience, "\"event\":\"started\"");
            follows = Daemon(pool);
            await follows.SaysAsync(RedisPool.Patience, "\"event\":\"standing_by\"");
            await using var alice = pool.Miner("alice");
            await using var bob = pool.Miner("bob");
            client.Begin();
            for (var kill = 0; kill < Kills; kill++)
            {
                await client.HearAsync(4, RedisPool.Patience);
                takeOvers.Add(await (kill % 2 == 0 ? KillAsync(leads, follows) : PauseAsync(leads, follows)));
                await leads.DisposeAsync();
                leads = follows;
                follows = Daemon(pool);
                await follows.SaysAsync(RedisPool.Patience, "\"event\":\"standing_by\"");
            }

            await client.EndAsync(RedisPool.Patience);
            leads.Interrupt();
            Assert.True(await leads.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', leads.Lines));
            await follows.SaysAsync(RedisPool.Patience, "\"event\":\"started\"");
            follows.Interrupt();
            Assert.True(await follows.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', follows.Lines));
        }
        finally
        {
            await leads.DisposeAsync();
            await follows.DisposeAsync();
        }

        using var books = new KillBooks(pool.Root, builder => builder.UseRedisJournal(o =>
        {
            o.Configuration = pool.Server.Configuration;
            o.Pool = "swarmpool.eth";
        }));
        await BalanceAsync(books, client);
        Report(books, client, takeOvers, watch.Elapsed);
        Assert.Equal(Kills + 2, books.State.Term);
    }

    /// <summary>All that was accepted is paid once, all that was sent is answered, and the journal judged again is the same.</summary>
    internal static async Task BalanceAsync(KillBooks books, SteadyClient client)
    {
        await books.ReadOnAsync();
        Assert.Empty(client.Unanswered);
        Assert.Empty(books.Lost);
        Assert.Equal(0, books.PaidTwice);
        Assert.Equal(books.AcceptedMicro, books.PaidMicro);
        Assert.Equal(client.Answered, books.Decided);
        var audit = await books.AuditAsync();
        Assert.True(audit.IsRight, string.Join('\n', audit.Differences));
    }

    private static RunningProgram Daemon(RedisPool pool) => pool.Daemon("run", "--standby", "--json");

    private static async Task<(string How, TimeSpan Took)> KillAsync(RunningProgram leader, RunningProgram standby)
    {
        var watch = Stopwatch.StartNew();
        await leader.KillAsync();
        await standby.SaysAsync(RedisPool.Patience, "\"event\":\"started\"");
        return ("SIGKILL", watch.Elapsed);
    }

    private static async Task<(string How, TimeSpan Took)> PauseAsync(RunningProgram leader, RunningProgram standby)
    {
        var watch = Stopwatch.StartNew();
        leader.Pause();
        TimeSpan took;
        try
        {
            await standby.SaysAsync(RedisPool.Patience, "\"event\":\"started\"");
            took = watch.Elapsed;
        }
        finally
        {
            leader.Resume();
        }

        // Awake again, it can't append, says so, and ends so that a supervisor starts it again.
        Assert.True(await leader.EndsAsync(RedisPool.Patience) == 9, string.Join('\n', leader.Lines));
        await leader.SaysAsync(RedisPool.Patience, "SP4007");
        return ("SIGSTOP", took);
    }

    private void Report(KillBooks books, SteadyClient client, List<(string How, TimeSpan Took)> takeOvers, TimeSpan took)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{takeOvers.Count} take-overs at a lease of {Lease} s in {took.TotalSeconds:0} s: {books.State.Sequence} records, {books.Decided} jobs decided, {client.Answered} answered; lost {books.Lost.Count()}, unanswered {client.Unanswered.Count()}, paid twice {books.PaidTwice}.\n\n")
            + "| the leader got | times | least s | median s | most s | within 1.5 leases |\n|---|---:|---:|---:|---:|---:|\n"
            + string.Concat(takeOvers.GroupBy(one => one.How, one => one.Took.TotalSeconds).Select(Row));
        output.WriteLine(text);
        if (Environment.GetEnvironmentVariable("SWARMPOOL_STANDBY_TABLE") is { Length: > 0 } path)
        {
            File.WriteAllText(path, text);
        }
    }

    private static string Row(IGrouping<string, double> how)
    {
        var sorted = how.Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {how.Key} | {sorted.Count} | {sorted[0]:0.00} | {sorted[sorted.Count / 2]:0.00} | {sorted[^1]:0.00} | {sorted.Count(seconds => seconds < 1.5 * Lease)} |\n");
    }

    private static int Number(string variable, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? text : otherwise.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
