using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;

namespace SwarmPool.Samples.Tests;

/// <summary>A first pool whose daemon settles by PPLNS and whose miners run own programs: by its configuration alone.</summary>
internal static class SamplePool
{
    public static async Task<PoolFolder> MakeAsync()
    {
        var folder = await PoolFolder.InitAsync(("epoch_duration_seconds", "4"), ("state_seconds", "1"), ("checks__on", "false"));
        await SettleByAsync(folder, "CustomSettlement", new JsonObject { ["window_usdc"] = 1 });
        Change(folder.Path("swarm-miner.json"), "SwarmPool.Plugins.Onnx", "CustomBackend", new JsonObject
        {
            ["models"] = new JsonObject
            {
                ["upper"] = new JsonObject { ["executable"] = "/usr/bin/tr", ["arguments"] = new JsonArray("a-z", "A-Z"), ["job_types"] = new JsonArray("text") },
            },
        });
        Copy(Built("CustomBackend"), folder.Path("plugins", "CustomBackend"));
        File.WriteAllText(folder.Path("input.txt"), "every payout can be recomputed");
        File.WriteAllText(folder.Path("text.json"), """{ "job_type": "text", "model": "upper", "input": "input.txt", "payment": { "amount": "0.10" } }""");
        return folder;
    }

    /// <summary>Takes another settlement policy, as an operator does.</summary>
    public static async Task SettleByAsync(PoolFolder folder, string plugin, JsonObject section)
    {
        Change(folder.Path("swarmpool.json"), "SwarmPool.Plugins.Settlement7525", plugin, section);
        await using var add = folder.Start("SwarmPool.Daemon", "swarmpool", "plugin", "add", Built(plugin));
        Assert.True(await add.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', add.Lines));
    }

    public static string Built(string project) => Path.Combine(RunningProgram.Repository, "artifacts", "bin", project, RunningProgram.Configuration);

    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static void Change(string file, string leaves, string comes, JsonObject section)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(file))!;
        var use = configuration["plugins"]!["use"]!.AsObject();
        Assert.True(use.Remove(leaves), $"{file} does not use {leaves}.");
        use[comes] = section;
        File.WriteAllText(file, configuration.ToJsonString());
    }
}
