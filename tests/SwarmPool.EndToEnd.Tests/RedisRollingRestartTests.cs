using System.Text.Json;
using SwarmPool.RedisServers;
using SwarmPool.Settlement;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The rolling restart of docs/operating.md: both daemons are replaced, one after the other, while jobs come in all the time.</summary>
[Trait("Needs", "redis")]
public sealed class RedisRollingRestartTests
{
    private const int JobsAtOnce = 4;

    [Fact]
    public async Task Both_daemons_are_replaced_while_jobs_flow_and_each_job_is_done_and_paid_once()
    {
        await using var pool = await RedisPool.InitAsync(RedisServer.Durable);
        await using var first = pool.Daemon("run", "--standby");
        await first.SaysAsync(RedisPool.Patience, "EPOCH OPENED");
        await using var second = pool.Daemon("run", "--standby");
        await second.SaysAsync(RedisPool.Patience, "STANDS BY");
        await using var alice = pool.Miner("alice");
        await alice.SaysAsync(RedisPool.Patience, "Registered");

        using var enough = new CancellationTokenSource();
        var flow = FlowAsync(pool, enough.Token);
        await first.SaysAsync(RedisPool.Patience, "PROOF");
        await StopsAsync(first);
        await second.SaysAsync(RedisPool.Patience, "DAEMON LEADS");
        await second.SaysAsync(RedisPool.Patience, "PROOF");

        await using var again = pool.Daemon("run", "--standby");
        await again.SaysAsync(RedisPool.Patience, "STANDS BY");
        await StopsAsync(second);
        await again.SaysAsync(RedisPool.Patience, "DAEMON LEADS");
        await again.SaysAsync(RedisPool.Patience, "PROOF");

        await enough.CancelAsync();
        var answers = await flow;
        Assert.Equal(answers.Count, answers.Select(answer => answer.GetProperty("job_cid").GetString()).Distinct().Count());
        Assert.Equal(answers.Count, answers.Select(answer => answer.GetProperty("proof_cid").GetString()).Distinct().Count());
        await StopsAsync(again);
        await BooksHoldAsync(pool, answers.Count);
    }

    /// <summary>One client after the other, each with a few jobs; every one of them has to be answered.</summary>
    private static async Task<List<JsonElement>> FlowAsync(RedisPool pool, CancellationToken enough)
    {
        var answers = new List<JsonElement>();
        while (!enough.IsCancellationRequested)
        {
            await using var client = pool.Submit(JobsAtOnce);
            Assert.True(await client.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', client.Lines));
            answers.AddRange(client.Lines.Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line)));
        }

        return answers;
    }

    private static async Task StopsAsync(RunningProgram daemon)
    {
        daemon.Interrupt();
        Assert.True(await daemon.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', daemon.Lines));
    }

    private static async Task BooksHoldAsync(RedisPool pool, int jobs)
    {
        await using var status = pool.Daemon("status", "--json");
        Assert.True(await status.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', status.Lines));
        var said = RunningProgram.Document(status.Lines);
        Assert.Equal((jobs, jobs), (said.GetProperty("total_jobs").GetInt32(), said.GetProperty("total_proofs").GetInt32()));
        Assert.Equal((0, 0), (said.GetProperty("pending_jobs").GetInt32(), said.GetProperty("claimed_jobs").GetInt32()));
        Assert.Equal(Usdc.FromMicro(jobs * 100_000L), Usdc.Parse(said.GetProperty("total_volume").GetString()!));
        Assert.Equal(3, said.GetProperty("term").GetInt64());
        await using var verify = pool.Daemon("journal", "verify");
        Assert.True(await verify.EndsAsync(RedisPool.Patience) == 0, string.Join('\n', verify.Lines));
    }
}
