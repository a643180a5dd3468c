using System.Text.Json;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Programs.Tests.Models;

/// <summary>What a person or a script sees of packs.</summary>
public sealed class ModelsCommandTests : IDisposable
{
    private readonly ModelsWorld models = new();

    private World World => models.World;

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task A_pack_is_added_listed_pulled_verified_and_removed()
    {
        models.Put("models/adder/weights.bin", "12345");
        models.Put("models/adder/pack.json", """{"license":"MIT","quantization":"Q4"}""");
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "add", "models/adder"));
        var cid = World.Screen.Split('\n')[1].Trim();
        Assert.Equal($"✓ adder: 1 file, 5 B, published as\n  {cid}\n", World.Screen);

        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "list"));
        Assert.EndsWith($"1 pack in {World.PathOf("models")}\n✓ adder\n    {cid}\n    1 file, 5 B, Q4, MIT, adder, made here\n", World.Screen, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "pull", cid, "--config", "other.json"));
        var folder = World.PathOf($"other/adder-{cid[^8..]}");
        Assert.EndsWith($"✓ adder: 1 file, 5 B, in {folder}\n", World.Screen, StringComparison.Ordinal);
        Assert.Equal("12345", File.ReadAllText(Path.Combine(folder, "weights.bin")));

        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "verify", "--config", "other.json"));
        Assert.EndsWith("✓ adder is what its pack says.\n", World.Screen, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "weights.bin"), "54321");
        Assert.Equal(ExitCodes.Refused, await World.MinerAsync("models", "verify", "adder", "--config", "other.json"));
        Assert.Contains($"✗ adder ({cid}) is not what its pack says:\n    SP5204: weights.bin: its SHA-256 is ", World.Screen, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "remove", "adder", "--config", "other.json"));
        Assert.False(Directory.Exists(folder));
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "remove", cid));
        Assert.Contains("is your own and stays", World.Screen, StringComparison.Ordinal);
        Assert.True(File.Exists(World.PathOf("models/adder/weights.bin")));
        Assert.Empty(World.Error);
    }

    [Fact]
    public async Task For_machines_there_are_events_and_documents()
    {
        models.Put("elsewhere/adder/weights.bin", new string('x', 3_000_000));
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "add", "elsewhere/adder", "--json"));
        var added = Assert.Single(models.Events("added"));
        Assert.False(added.TryGetProperty("folder", out _));
        var cid = added.GetProperty("cid").GetString()!;

        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "pull", cid, "--json", "--config", "other.json"));
        Assert.Equal(3_000_000, models.Events("progress")[^1].GetProperty("bytes").GetInt64());
        Assert.Equal("adder", Assert.Single(models.Events("pulled")).GetProperty("name").GetString());
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "verify", "--json", "--config", "other.json"));
        Assert.True(Assert.Single(models.Events("verified")).GetProperty("right").GetBoolean());
        Assert.Empty(World.Screen);
        Assert.Empty(World.Error);
    }

    [Fact]
    public async Task A_list_for_machines_is_one_document()
    {
        models.Put("models/adder/weights.bin", "12345");
        await World.MinerAsync("models", "add", "models/adder");
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "list", "--json"));
        using var list = JsonDocument.Parse(World.Out);
        var one = Assert.Single(list.RootElement.GetProperty("models").EnumerateArray());
        Assert.Equal(("adder", 5, true), (one.GetProperty("name").GetString(), one.GetProperty("bytes").GetInt32(), one.GetProperty("is_own").GetBoolean()));
    }

    [Fact]
    public async Task A_disk_limit_of_the_configuration_is_kept()
    {
        models.Put("models/adder/weights.bin", "12345");
        await World.MinerAsync("models", "add", "models/adder");
        var cid = World.Screen.Split('\n')[1].Trim();
        World.Write("other.json", File.ReadAllText(World.PathOf("other.json")).Replace("{\"models_folder\"", "{\"models_disk_limit\":4,\"models_folder\"", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Refused, await World.MinerAsync("models", "pull", cid, "--config", "other.json"));
        Assert.Contains("✗ SP5206: adder has 5 bytes", World.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(World.PathOf("other")));
    }

    [Fact]
    public async Task A_model_in_use_stays_unless_it_is_said()
    {
        models.Put("models/adder/weights.bin", "12345");
        await World.MinerAsync("models", "add", "models/adder");
        var folder = new ModelFolder(World.PathOf("models"));
        using var used = folder.Use(folder.List());
        Assert.Equal(ExitCodes.Refused, await World.MinerAsync("models", "remove", "adder"));
        Assert.Contains("✗ SP5207: A running miner uses adder", World.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "remove", "adder", "--force"));
    }

    [Theory]
    [InlineData(ExitCodes.Refused, "SP2011: 'x' is not a pack's CID", "pull", "x")]
    [InlineData(ExitCodes.Refused, "SP5208: No model 'x'", "remove", "x")]
    [InlineData(ExitCodes.Configuration, "SP5209: ", "add", "nowhere")]
    public async Task What_can_not_be_done_says_why(int exit, string why, params string[] args)
    {
        Assert.Equal(exit, await World.MinerAsync(["models", .. args]));
        Assert.Contains($"✗ {why}", World.Error, StringComparison.Ordinal);
    }

    /// <summary>By the backend that the configuration names, on a model of the repository's own.</summary>
    [Fact]
    public async Task Golden_vectors_are_run_after_a_pull_and_by_verify()
    {
        var digits = Path.Combine(Verified.Root, "models", "digits");
        Directory.CreateDirectory(World.PathOf("made/digits"));
        foreach (var file in Directory.GetFiles(digits))
        {
            File.Copy(file, World.PathOf($"made/digits/{Path.GetFileName(file)}"));
        }

        models.Put("made/digits/golden/in.json", "no picture");
        models.Put("made/digits/golden/out.json", "{}");
        models.Put("made/digits/pack.json", """{"name":"digits-16","golden_vectors":[{"job_type":"image-classification","input":"golden/in.json","output":"golden/out.json"}]}""");
        World.Write("with.json", """{"models_folder":"with","plugins":{"use":{"SwarmPool.Plugins.Embedded":{"transport":"hub"},"SwarmPool.Plugins.Onnx":{"models":"with","device":"cpu"} } } }""");
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "add", "made/digits"));
        var cid = World.Screen.Split('\n')[1].Trim();

        Assert.Equal(ExitCodes.Refused, await World.MinerAsync("models", "pull", cid, "--config", "with.json"));
        Assert.Contains($"✗ digits-16 ({cid}) does not give what its golden vectors say:\n    SP5241: digits-16, golden vector 1 (image-classification, golden/in.json): ", World.Screen, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, await World.MinerAsync("models", "verify", "--json", "--config", "with.json"));
        Assert.False(Assert.Single(models.Events("vectors")).GetProperty("right").GetBoolean());

        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "pull", cid, "--config", "other.json"));
        Assert.EndsWith("The configuration has no backend: 1 golden vector of digits-16 not run.\n", World.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_packs_there_is_nothing_to_verify()
    {
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "verify"));
        Assert.Equal($"No pack is in {World.PathOf("models")}.\n", World.Screen);
    }
}
