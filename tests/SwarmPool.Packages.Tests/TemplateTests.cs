using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;

namespace SwarmPool.Packages.Tests;

/// <summary>Each template, as its user gets it: installed, instantiated, its conformance tests run, its plugin taken by a real program.</summary>
public sealed class TemplateTests(Feed feed)
{
    private const string Embedded = "SwarmPool.Plugins.Embedded";
    private static readonly SemaphoreSlim Installing = new(1, 1);
    private static bool isInstalled;

    /// <summary>One in every run, all under SWARMPOOL_FULL=1: each is a restore, two builds and a pool.</summary>
    public static TheoryData<string> Slots => Feed.IsFull ? ["settlement", "backend", "identity", "journal", "transport", "verifier"] : ["settlement"];

    [Theory]
    [MemberData(nameof(Slots))]
    public async Task A_template_builds_keeps_its_contract_and_is_taken_by_a_real_program(string slot)
    {
        await InstallAsync();
        var name = "Acme." + char.ToUpperInvariant(slot[0]) + slot[1..];
        await feed.RunAsync(feed.Root, "dotnet", "new", "swarmpool-" + slot, "-n", name);
        var project = Path.Combine(feed.Root, name);
        await feed.RunAsync(project, "dotnet", "build", $"{name}.Tests", "-c", "Release", "-v", "quiet", "-warnaserror");
        var said = await feed.RunAsync(project, "dotnet", "test", "--solution", $"{name}.slnx", "-c", "Release", "--no-build");
        Assert.Contains(said, line => line.Contains("Passed!", StringComparison.Ordinal));

        using var pool = await PoolFolder.InitAsync();
        var built = Path.Combine(project, name, "bin", "Release", "net10.0");
        if (slot == "backend")
        {
            Directory.CreateSymbolicLink(Directory.CreateDirectory(pool.Path("plugins")).FullName + "/" + name, built);
            Use(pool.Path("swarm-miner.json"), name, [], "SwarmPool.Plugins.Onnx");
            await using var pools = pool.Daemon("--json");
            await pools.SaysAsync(Feed.Patience, "\"event\":\"started\"");
            await using var miner = pool.Miner("miner.alice.eth");
            await miner.SaysAsync(Feed.Patience, "Registered");
            return;
        }

        Use(pool.Path("swarmpool.json"), name, Section(slot, pool), slot == "settlement" ? "SwarmPool.Plugins.Settlement7525" : null, Slotless(slot));
        await using var add = pool.Start("SwarmPool.Daemon", "swarmpool", "plugin", "add", built);
        Assert.True(await add.EndsAsync(Feed.Patience) == 0, string.Join('\n', add.Lines));
        await using var daemon = pool.Daemon("--json");
        await daemon.SaysAsync(Feed.Patience, "\"event\":\"started\"");
    }

    // Once: a second installation over the first, forced or at the same time, leaves the command with two packages of one name, and neither is found.
    private async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            if (!isInstalled)
            {
                await feed.RunAsync(feed.Root, "dotnet", "new", "install", Path.Combine(feed.Packages, "SwarmPool.Templates.0.1.0.nupkg"));
                isInstalled = true;
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    private static JsonObject Section(string slot, PoolFolder pool)
    {
        if (slot != "identity")
        {
            return [];
        }

        var names = JsonNode.Parse(File.ReadAllText(pool.Path("names.json")))!["names"]!.AsObject();
        File.WriteAllLines(pool.Path("names.txt"), names.Select(one => $"{one.Key} {one.Value!["accounts"]![0]}"));
        return [];
    }

    private static string[] Slotless(string slot) => slot switch
    {
        "identity" => ["transport", "journal"],
        "journal" => ["transport", "identity"],
        "transport" => ["identity", "journal"],
        _ => [],
    };

    private static void Use(string file, string name, JsonObject section, string? leaves, string[]? embedded = null)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(file))!;
        var use = configuration["plugins"]!["use"]!.AsObject();
        if (leaves is not null)
        {
            Assert.True(use.Remove(leaves));
        }

        if (embedded is { Length: > 0 })
        {
            use[Embedded]!["slots"] = new JsonArray([.. embedded.Select(one => JsonValue.Create(one))]);
        }

        use[name] = section;
        File.WriteAllText(file, configuration.ToJsonString());
    }
}
