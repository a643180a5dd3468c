using System.Diagnostics;
using SwarmPool.Plugins.Redis;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>Two daemons, one of them standing by, and two miners in processes of their own, and a client, over a Redis server for journal and transport.</summary>
internal sealed class TakeOverStage : IAsyncDisposable
{
    private static readonly string[] Instances = ["one", "other"];

    private readonly RedisPool pool;
    private readonly TimeSpan lease;
    private readonly RunningProgram[] daemons;
    private readonly RunningProgram[] miners;

    private TakeOverStage(RedisPool pool, TimeSpan lease, RunningProgram[] daemons, SteadyClient client)
    {
        this.pool = pool;
        this.lease = lease;
        this.daemons = daemons;
        miners = [pool.Miner("alice"), pool.Miner("bob")];
        Books = new KillLedger(pool);
        Client = client;
    }

    public KillLedger Books { get; }

    public SteadyClient Client { get; }

    public static async Task<TakeOverStage> OpenAsync(RedisPool pool, TimeSpan lease)
    {
        var client = await SteadyClient.StartAsync(pool.Root, builder => builder.UseRedisTransport(o => o.Configuration = pool.Server.Configuration));
        var stage = new TakeOverStage(pool, lease, [.. Instances.Select(pool.Standby)], client);
        await stage.LeadingAsync();
        client.Begin();
        return stage;
    }

    /// <summary>Lets a trouble come as soon as jobs are done again, a claim is live and the one daemon stands behind the other; waits until the pool goes on.</summary>
    public async Task<TakeOver> SufferAsync(Trouble trouble)
    {
        await BeginAnewAsync();
        var decided = Books.Decided;
        await Books.UntilAsync(() => Books.Decided > decided + 3 && Books.State.Jobs.ClaimedCount > 0, "jobs decided since the last trouble, and a live claim");
        var leading = await LeadingAsync();
        var (leader, before) = (daemons[leading], Books.State);
        var (term, records, claimed) = (before.Term, before.Sequence, (long)before.Jobs.ClaimedCount);
        var watch = Stopwatch.StartNew();
        switch (trouble)
        {
            case Trouble.LeaderKilled:
                await leader.KillAsync();
                return new TakeOver(trouble, records, claimed, await NextTermAsync(watch, term), ExitCode: 137);
            case Trouble.LeaderPaused:
                leader.Pause();
                var took = await NextTermAsync(watch, term);
                leader.Resume();
                return new TakeOver(trouble, records, claimed, took, await leader.EndsAsync(RedisPool.Patience));
            case Trouble.Both:
                leader.Pause();
                await pool.Server.KillAsync();
                await pool.Server.StartAgainAsync();
                watch.Restart();
                took = await NextTermAsync(watch, term);
                leader.Resume();
                return new TakeOver(trouble, records, claimed, took, await leader.EndsAsync(RedisPool.Patience));
            case Trouble.ServerKilled:
                await pool.Server.KillAsync();
                await pool.Server.StartAgainAsync();
                break;
            default:
                pool.Server.Pause();
                await Task.Delay(lease * 2); // The trouble itself.
                pool.Server.Continue();
                break;
        }

        // The leader may have kept the lead, in its old term, or have lost it and ended: then another term begins.
        watch.Restart();
        decided = Books.Decided;
        await Books.UntilAsync(() => Books.State.Term > term || Books.Decided > decided, "the pool goes on");
        return Books.State.Term == term && !leader.HasEnded
            ? new TakeOver(trouble, records, claimed, null, null)
            : new TakeOver(trouble, records, claimed, await NextTermAsync(watch, term), await leader.EndsAsync(RedisPool.Patience));
    }

    /// <summary>No more jobs; those under way are done, then everyone stops in good order.</summary>
    public async Task EndAsync()
    {
        await BeginAnewAsync();
        await Client.EndAsync(RedisPool.Patience);
        await LeadingAsync(); // Both have started: one that is stopped before that says so by its exit code.
        foreach (var daemon in daemons)
        {
            daemon.Interrupt();
        }

        foreach (var daemon in daemons)
        {
            Assert.True(await daemon.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', daemon.Lines));
        }

        await Books.ReadOnAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (var program in (RunningProgram[])[.. miners, .. daemons])
        {
            await program.DisposeAsync();
        }

        Books.Dispose();
    }

    // As a supervisor would.
    private async Task BeginAnewAsync()
    {
        for (var i = 0; i < daemons.Length; i++)
        {
            if (daemons[i].HasEnded)
            {
                await daemons[i].DisposeAsync();
                daemons[i] = pool.Standby(Instances[i]);
            }
        }
    }

    private async Task<int> LeadingAsync()
    {
        for (var limit = Stopwatch.StartNew(); limit.Elapsed < RedisPool.Patience; await Task.Delay(25))
        {
            await BeginAnewAsync(); // On a busy machine a lease of a second may be lost without our doing.
            var leading = Array.IndexOf(Instances, (await Books.LeaderAsync())?.Owner);
            if (leading >= 0 && daemons[1 - leading].Lines.Any(line => line.Contains("STANDS BY", StringComparison.Ordinal)))
            {
                await Books.ReadOnAsync();
                return leading;
            }
        }

        throw new InvalidOperationException($"No daemon stands behind another:\n{string.Join("\n--\n", daemons.Select(daemon => string.Join('\n', daemon.Lines.TakeLast(20))))}");
    }

    private async Task<TimeSpan> NextTermAsync(Stopwatch since, long term)
    {
        await Books.UntilAsync(() => Books.State.Term > term, "another daemon leads");
        return since.Elapsed;
    }
}
