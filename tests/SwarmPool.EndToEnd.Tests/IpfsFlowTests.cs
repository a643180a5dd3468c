using System.Net.Http.Json;
using System.Text.Json;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The flow of a first pool over IPFS: a daemon, two miners and a client, each with a node of its own, in processes of their own.</summary>
[Trait("Needs", "ipfs")]
public sealed class IpfsFlowTests
{
    [Fact]
    public async Task The_script_runs_and_each_party_says_what_happened()
    {
        await using var script = RunningProgram.StartFile(
            "bash",
            RunningProgram.Repository,
            new Dictionary<string, string> { ["SWARMPOOL_CONFIGURATION"] = RunningProgram.Configuration },
            Path.Combine(RunningProgram.Repository, "samples", "ipfs-terminals.sh"),
            "--no-build");
        Assert.True(await script.EndsAsync(TimeSpan.FromSeconds(300)) == 0, string.Join('\n', script.Lines));
        FirstFlow.Check(script);
    }

    [Fact]
    public async Task Each_node_may_die_in_the_middle_and_every_job_is_done_and_paid_once()
    {
        await using var pool = await IpfsPool.InitAsync("pool", "alice", "bob", "client");
        await using var daemon = pool.Daemon();
        await daemon.SaysAsync(IpfsPool.Patience, "EPOCH OPENED");
        await using var alice = pool.Miner("alice");
        await using var bob = pool.Miner("bob");
        await alice.SaysAsync(IpfsPool.Patience, "Registered");
        await bob.SaysAsync(IpfsPool.Patience, "Registered");

        string[] victims = ["client", "alice", "bob", "pool"];
        foreach (var victim in victims)
        {
            var before = Count(daemon, "NEW JOB");
            await using var client = pool.Submit();
            await UntilAsync(daemon, () => Count(daemon, "NEW JOB") > before, "a new job");
            await pool[victim].KillAsync();
            await pool[victim].RestartAsync();
            await client.SaysAsync(IpfsPool.Patience, "JOB COMPLETE");
            Assert.Equal(0, await client.EndsAsync(IpfsPool.Patience));
        }

        await using var status = pool.Daemon("status", "--json");
        Assert.True(await status.EndsAsync(IpfsPool.Patience) == 0, string.Join('\n', status.Lines));
        var text = string.Join('\n', status.Lines);
        Assert.Equal(victims.Length, Count(daemon, "Proof accepted!"));
        Assert.Equal(2 * victims.Length, Count(daemon, "PROOF:")); // Of new payees each answer is checked by another: it is proved too.
        Assert.Contains($"\"total_proofs\":{victims.Length}", text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains($"\"total_jobs\":{victims.Length}", text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // The pool's files are written in the background, and say the same.
        await UntilAsync(daemon, () => Files(pool, "proofs") == victims.Length && Files(pool, "jobs/pending") == 0 && Files(pool, "jobs/claimed") == 0, "four proofs and no job in the node's files");
        Assert.Equal(2, Files(pool, "miners"));
    }

    private static int Count(RunningProgram program, string words) => program.Lines.Count(line => line.Contains(words, StringComparison.Ordinal));

    private static int Files(IpfsPool pool, string folder)
    {
        using var http = new HttpClient();
        using var answer = http.PostAsync(new Uri($"{pool["pool"].Api}/api/v0/files/ls?arg=/swarmpool.eth/{folder}"), null).GetAwaiter().GetResult();
        var said = answer.Content.ReadFromJsonAsync<JsonElement>().GetAwaiter().GetResult();
        return said.TryGetProperty("Entries", out var entries) && entries.ValueKind == JsonValueKind.Array ? entries.GetArrayLength() : 0;
    }

    private static async Task UntilAsync(RunningProgram program, Func<bool> so, string what)
    {
        using var limit = new CancellationTokenSource(IpfsPool.Patience);
        while (!so())
        {
            Assert.False(limit.IsCancellationRequested, $"{what} did not come. {program.Name} said:\n{string.Join('\n', program.Lines)}");
            await Task.Delay(50, default(CancellationToken));
        }
    }
}
