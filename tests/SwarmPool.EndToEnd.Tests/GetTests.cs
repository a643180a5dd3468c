using System.Text.Json;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A job that outlives the command that sent it, with the programs as they are typed.</summary>
public sealed class GetTests
{
    [Fact]
    public async Task A_result_is_fetched_later_and_the_same_job_is_not_paid_for_twice()
    {
        using var folder = await PoolFolder.InitAsync();
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        var job = JsonElement.Parse(await File.ReadAllTextAsync(folder.Path("job.json")));
        string[] typed = ["--model", job.GetProperty("model").GetString()!, "--input", folder.Path(job.GetProperty("input").GetString()!), "--amount", "0.25", "--type", job.GetProperty("job_type").GetString()!];

        // Nobody does it yet.
        var cid = await SendAsync(folder, typed);
        var (code, waiting) = await GetAsync(folder, cid);
        Assert.Equal((6, "waiting"), (code, waiting.GetProperty("status").GetString()));

        // Typed again it is the same job still; meant again it is another.
        (code, var told) = await RunAsync(folder, "submit", typed);
        Assert.Equal((6, "waiting", cid), (code, told.GetProperty("status").GetString(), told.GetProperty("job_cid").GetString()));
        Assert.Equal(1, await JobsAsync(folder));
        var second = await SendAsync(folder, [.. typed, "--again"]);
        Assert.NotEqual(cid, second);

        // One is taken back, and may be sent anew without more words: nobody pays for it.
        await using (var cancel = folder.Client("cancel", second))
        {
            Assert.Equal(0, await cancel.EndsAsync(PoolFolder.Patience));
        }

        (code, var cancelled) = await GetAsync(folder, second);
        Assert.Equal((5, "cancelled"), (code, cancelled.GetProperty("status").GetString()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Path("swarm-client.sent.json")));
        }

        await using var alice = folder.Miner("miner.alice.eth");
        (code, var anew) = await RunAsync(folder, "submit", typed);
        Assert.Equal((0, "completed"), (code, anew.GetProperty("status").GetString()));
        Assert.NotEqual(second, anew.GetProperty("job_cid").GetString());

        // The first result is there too, for whoever has its CID and no key; and what was done is not done again.
        using var limit = new CancellationTokenSource(PoolFolder.Patience);
        JsonElement first;
        while (((code, first) = await GetAsync(folder, cid)).code != 0)
        {
            Assert.Equal(6, code);
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(("completed", anew.GetProperty("output").GetString()), (first.GetProperty("status").GetString(), first.GetProperty("output").GetString()));
        (code, var known) = await RunAsync(folder, "submit", typed);
        Assert.Equal((0, anew.GetProperty("job_cid").GetString()), (code, known.GetProperty("job_cid").GetString()));
        Assert.Equal(3, await JobsAsync(folder));
    }

    /// <summary>Sends a job, and stops waiting once the pool has it.</summary>
    private static async Task<string> SendAsync(PoolFolder folder, params string[] arguments)
    {
        await using var client = folder.Client("submit", [.. arguments, "--json"]);
        await client.SaysAsync(PoolFolder.Patience, "Accepted by the pool");
        client.Interrupt();
        var (code, said) = await EndAsync(client);
        Assert.Equal((130, "interrupted"), (code, said.GetProperty("status").GetString()));
        return said.GetProperty("job_cid").GetString()!;
    }

    private static async Task<(int Code, JsonElement Said)> GetAsync(PoolFolder folder, string cid)
    {
        await using var get = folder.Start("SwarmPool.Client", "swarm-client", "get", cid, "--config", folder.Path("swarm-client.json"), "--json");
        return await EndAsync(get);
    }

    private static async Task<(int Code, JsonElement Said)> RunAsync(PoolFolder folder, string command, params string[] arguments)
    {
        await using var client = folder.Client(command, [.. arguments, "--json"]);
        return await EndAsync(client);
    }

    private static async Task<(int Code, JsonElement Said)> EndAsync(RunningProgram program)
    {
        var code = await program.EndsAsync(PoolFolder.Patience);
        return (code, RunningProgram.Document(program.Lines));
    }

    /// <summary>The jobs that the pool ever took, by the daemon's own journal.</summary>
    private static async Task<long> JobsAsync(PoolFolder folder)
    {
        await using var status = folder.Start("SwarmPool.Daemon", "swarmpool", "status", "--config", folder.Path("swarmpool.json"), "--json");
        var (code, said) = await EndAsync(status);
        Assert.Equal(0, code);
        return said.GetProperty("total_jobs").GetInt64();
    }
}
