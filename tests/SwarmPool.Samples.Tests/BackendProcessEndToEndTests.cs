using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Samples.Tests;

/// <summary>Miners in real processes, whose backend, a foreign plugin, ends the process that it runs in.</summary>
public sealed class BackendProcessEndToEndTests
{
    [Fact]
    public async Task A_job_that_ended_the_backend_goes_on_elsewhere_and_the_miner_goes_on_with_the_next()
    {
        using var folder = await PoolFolder.InitAsync(("head_start_seconds", "0"), ("checks__on", "false"));
        Configure(folder, "swarm-miner.json", []);
        SamplePool.Copy(SamplePool.Built(WrongBackends.Plugin), folder.Path("plugins", WrongBackends.Plugin));
        Job(folder, "wrong.json", WrongBackends.Wrong, "kills");
        Job(folder, "next.json", WrongBackends.Mended, "next");
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var alice = folder.Miner("miner.alice.eth");
        await alice.SaysAsync(PoolFolder.Patience, "miner.alice.eth");

        await using var client = folder.Client("submit", folder.Path("wrong.json"), "--again");
        await alice.SaysAsync(PoolFolder.Patience, "Given back (failed)", ErrorCodes.BackendEndedProcess, WrongBackends.Plugin, "signal 9");
        await client.SaysAsync(PoolFolder.Patience, ErrorCodes.BackendEndedProcess);

        Configure(folder, "swarm-miner.json", new JsonObject { ["mended"] = "true" });
        await using (var bob = folder.Miner("miner.bob.eth"))
        {
            Assert.True(await client.EndsAsync(PoolFolder.Patience) == ExitCodes.Ok, string.Join('\n', client.Lines));
            await client.SaysAsync(PoolFolder.Patience, "KILLS");
            await bob.SaysAsync(PoolFolder.Patience, "accepted");
            bob.Interrupt();
            await bob.EndsAsync(PoolFolder.Patience);
        }

        await using var next = folder.Client("submit", folder.Path("next.json"), "--again");
        Assert.True(await next.EndsAsync(PoolFolder.Patience) == ExitCodes.Ok, string.Join('\n', next.Lines));
        await next.SaysAsync(PoolFolder.Patience, "NEXT");
        Assert.False(alice.HasEnded);
    }

    private static void Configure(PoolFolder folder, string file, JsonObject section)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(folder.Path(file)))!;
        var use = configuration["plugins"]!["use"]!.AsObject();
        use.Remove("SwarmPool.Plugins.Onnx");
        use[WrongBackends.Plugin] = section;
        File.WriteAllText(folder.Path(file), configuration.ToJsonString());
    }

    private static void Job(PoolFolder folder, string file, string model, string input)
    {
        File.WriteAllText(folder.Path(file + ".txt"), input);
        File.WriteAllText(folder.Path(file), $$"""{ "job_type": "text", "model": "{{model}}", "input": "{{file}}.txt", "payment": { "amount": "0.10" } }""");
    }
}
