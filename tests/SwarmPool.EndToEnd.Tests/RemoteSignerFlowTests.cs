using System.Text.Json.Nodes;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A pool whose operator's key is in another process.</summary>
public sealed class RemoteSignerFlowTests
{
    private const string Alice = "miner.alice.eth";

    [Fact]
    public async Task A_daemon_works_by_a_remote_signer()
    {
        using var folder = await PoolFolder.InitAsync();
        UseSigner(folder, "dotnet", "good");
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var alice = folder.Miner(Alice);
        await alice.SaysAsync(PoolFolder.Patience, "Registered");
        await using var client = folder.Client("submit", folder.Path("job.json"));
        Assert.True(await client.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', client.Lines));
        alice.Interrupt();
        Assert.Equal(0, await alice.EndsAsync(PoolFolder.Patience));
        daemon.Interrupt();
        Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', daemon.Lines));
    }

    [Theory]
    [InlineData("./none", "good", 8, "SP1207")]
    [InlineData("dotnet", "random", 8, "SP1207")]
    [InlineData("dotnet", "dies", 8, "SP1207")]
    [InlineData("dotnet", "refuse", 3, "SP1208")]
    public async Task A_daemon_whose_signer_fails_ends_with_its_name(string command, string mode, int exit, string code)
    {
        using var folder = await PoolFolder.InitAsync();
        UseSigner(folder, command, mode);
        await using var daemon = folder.Daemon("--json");
        Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == exit, string.Join('\n', daemon.Lines));
        Assert.Contains(daemon.Lines, line => line.Contains(code, StringComparison.Ordinal));
    }

    private static void UseSigner(PoolFolder folder, string command, string mode)
    {
        var signer = Path.Combine(RunningProgram.Repository, "artifacts", "bin", "SwarmPool.TestSigner", RunningProgram.Configuration, "SwarmPool.TestSigner.dll");
        var json = JsonNode.Parse(File.ReadAllText(folder.Path("swarmpool.json")))!.AsObject();
        json.Remove("operator_key_file");
        json["operator_signer_command"] = command;
        json["operator_signer_arguments"] = new JsonArray(signer, mode, folder.Path("keys", "swarmpool.eth.key"));
        File.WriteAllText(folder.Path("swarmpool.json"), json.ToJsonString());
    }
}
