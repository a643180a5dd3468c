using System.Text.Json;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A client asks whether the money went where it should, with the programs as they are typed.</summary>
public sealed class AuditFlowTests
{
    [Fact]
    public async Task A_client_recomputes_what_the_pool_has_paid()
    {
        using var folder = await PoolFolder.InitAsync(("epoch_duration_seconds", "2"));
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using (var alice = folder.Miner("miner.alice.eth"))
        {
            await alice.SaysAsync(PoolFolder.Patience, "Registered");
            await using var client = folder.Client("submit", folder.Path("job.json"));
            Assert.True(await client.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', client.Lines));
            alice.Interrupt();
            Assert.Equal(0, await alice.EndsAsync(PoolFolder.Patience));
        }

        var paid = JsonElement.Parse(await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_settled\"", "miner.alice.eth")).GetProperty("cid").GetString()!;
        var audited = await AuditAsync(folder, paid, "--checkpoint", folder.Path("audited.json"));
        Assert.True(audited.GetProperty("split_checked").GetBoolean());
        Assert.Equal(5, audited.GetProperty("messages").GetInt64()); // a registration, a job, a claim, a commitment, a proof
        Assert.Equal(3, audited.GetProperty("names").GetProperty("same").GetInt32()); // the client, the miner, and whom operations are paid as

        // Right as it is, it is not what was asked for by whoever names another pool.
        var (other, said) = await RunAsync(folder, paid, "--pool", "miner.alice.eth");
        Assert.True(other == 4 && said.Any(line => line.Contains("it is an epoch of swarmpool.eth, not of miner.alice.eth", StringComparison.Ordinal)), string.Join('\n', said));
        (other, said) = await RunAsync(folder, paid, "--pool", "other.eth");
        Assert.True(other == 3 && said.Any(line => line.Contains("SP1209", StringComparison.Ordinal)), string.Join('\n', said)); // There is no such name.

        // The checkpoint makes the next audit short.
        var later = JsonElement.Parse(await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"epoch_settled\"", $"\"epoch-{Number(audited) + 1}\"")).GetProperty("cid").GetString()!;
        var next = await AuditAsync(folder, later, "--checkpoint", folder.Path("audited.json"));
        Assert.Equal((1, Number(audited) + 1), (next.GetProperty("epochs").GetInt64(), Number(next)));

        // Alice's name has another account since: nothing is wrong, but a person has to look before it passes.
        var names = folder.Path("names.json");
        var alices = JsonElement.Parse(await File.ReadAllTextAsync(names)).GetProperty("names").GetProperty("miner.alice.eth").GetProperty("accounts")[0].GetString()!;
        await File.WriteAllTextAsync(names, (await File.ReadAllTextAsync(names)).Replace(alices, "0x00000000000000000000000000000000000000a1", StringComparison.Ordinal));
        var (code, lines) = await RunAsync(folder, paid, "--checkpoint", folder.Path("strict.json"));
        Assert.True(code == 4, string.Join('\n', lines));
        Assert.False(File.Exists(folder.Path("strict.json")));
        var changed = await AuditAsync(folder, paid, "--lenient", "--checkpoint", folder.Path("strict.json"));
        var remark = changed.GetProperty("names").GetProperty("changed")[0];
        Assert.Contains(alices, remark.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.True(remark.GetProperty("at_stake_micro_usdc").GetInt64() > 0 && changed.GetProperty("at_stake_micro_usdc").GetInt64() > 0);
        Assert.True(File.Exists(folder.Path("strict.json")));

        // Nobody has to know a CID: the pool's signed state names its last epoch, as soon as it is published with one.
        using var limit = new CancellationTokenSource(PoolFolder.Patience);
        while (await RunAsync(folder, "--lenient") is { Code: not 0 } refused)
        {
            Assert.Contains("has sealed no epoch yet", string.Join('\n', refused.Lines), StringComparison.Ordinal);
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static long Number(JsonElement audited) => long.Parse(audited.GetProperty("epoch_id").GetString()!["epoch-".Length..]);

    private static async Task<JsonElement> AuditAsync(PoolFolder folder, params string[] arguments)
    {
        var (code, lines) = await RunAsync(folder, arguments);
        Assert.True(code == 0, string.Join('\n', lines));
        var result = RunningProgram.Document(lines);
        Assert.True(result.GetProperty("right").GetBoolean() && result.GetProperty("decided_again").GetBoolean());
        return result;
    }

    private static async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(PoolFolder folder, params string[] arguments)
    {
        await using var audit = folder.Start("SwarmPool.Client", "swarm-client", ["audit", .. arguments, "--config", folder.Path("swarm-client.json"), "--json"]);
        var code = await audit.EndsAsync(PoolFolder.Patience);

        // How far it is, when it takes more than a second, and problems are told on the other stream.
        return (code, code == 0 ? [.. audit.Lines.Where(line => !line.StartsWith("stderr: ", StringComparison.Ordinal))] : [.. audit.Lines]);
    }
}
