using System.Text.Json;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;
using static SwarmPool.Programs.Tests.Plugins.BuiltPlugins;

namespace SwarmPool.Programs.Tests.Plugins;

/// <summary>Miners and clients look after their plugins as the daemon does after its own, each with a lock file of its own.</summary>
public sealed class PartyPluginTests : IDisposable
{
    private const string Embedded = "SwarmPool.Plugins.Embedded";
    private const string Onnx = "SwarmPool.Plugins.Onnx";

    private readonly World world = new(width: 1000);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_miner_locks_verifies_adds_and_removes_and_mines_with_nothing_else()
    {
        await world.SwarmPoolAsync("init");
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("plugin", "lock"));
        Assert.Contains("Add \"lock\": \"swarm-miner.lock.json\" under \"plugins\"", world.Error, StringComparison.Ordinal);

        Lock("swarm-miner.json", "swarm-miner.lock.json");
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("plugin", "lock"));
        Assert.Equal([Embedded, Onnx], Locked("swarm-miner.lock.json"));
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("plugin", "verify"));
        Assert.Contains("is as it was locked", world.Screen, StringComparison.Ordinal);

        // Another comes beside them, and is told as the miner's.
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("plugin", "add", FolderOf(Good)));
        Assert.Equal([Embedded, Onnx, Good], Locked("swarm-miner.lock.json"));
        Assert.DoesNotContain(Good, Locked("plugins.lock.json"));
        world.Write("swarm-miner.json", File.ReadAllText(world.PathOf("swarm-miner.json")).Replace($"\"{Embedded}\"", $"\"{Good}\": {{}}, \"{Embedded}\"", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("plugin", "remove", Good));
        Assert.Contains("without it the miner would not start", world.Error, StringComparison.Ordinal);

        // Changed, nothing of the miner's runs.
        File.AppendAllText(world.PathOf($"plugins/{Good}/Newtonsoft.Json.dll"), "more");
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("plugin", "verify"));
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("mine", "--ens", "miner.alice.eth", "--key-file", "keys/miner.alice.eth.key"));
        Assert.Contains($"SP1113: Plugin {Good} is not as it was locked", world.Error, StringComparison.Ordinal);

        world.Write("swarm-miner.json", File.ReadAllText(world.PathOf("swarm-miner.json")).Replace($"\"{Good}\": {{}}, ", "", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("plugin", "remove", Good));
        Assert.Equal([Embedded, Onnx], Locked("swarm-miner.lock.json"));
    }

    [Fact]
    public async Task A_client_does_too()
    {
        await world.SwarmPoolAsync("init");
        Assert.Equal(ExitCodes.Configuration, await world.ClientAsync("plugin", "lock"));
        Assert.Contains("Add \"lock\": \"swarm-client.lock.json\" under \"plugins\"", world.Error, StringComparison.Ordinal);
        Lock("swarm-client.json", "swarm-client.lock.json");
        Assert.Equal(ExitCodes.Ok, await world.ClientAsync("plugin", "lock", "--json"));
        Assert.Equal([Embedded], Locked("swarm-client.lock.json"));
        Assert.Equal(ExitCodes.Ok, await world.ClientAsync("plugin", "verify"));
    }

    [Fact]
    public async Task Without_a_configuration_a_miners_defaults_are_looked_at()
    {
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("plugin", "list"));
        Assert.Contains($"✓ {Onnx}\n    version 0.1.0, contracts 0.1.0, used\n", world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_is_not_at_hand_is_told_with_the_one_that_was_meant()
    {
        await world.SwarmPoolAsync("init");
        Lock("swarm-miner.json", "swarm-miner.lock.json");
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("plugin", "lock", "SwarmPool.Plugin.Onnx"));
        Assert.Contains($"There is no plugin SwarmPool.Plugin.Onnx at hand. Did you mean {Onnx}?", world.Error, StringComparison.Ordinal);

        world.Write("swarm-miner.json", File.ReadAllText(world.PathOf("swarm-miner.json")).Replace(Onnx, "SwarmPool.Plugins.Onxn", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("status"));
        Assert.Contains($"Did you mean {Onnx}?", world.Error, StringComparison.Ordinal);
    }

    private void Lock(string file, string lockFile) =>
        world.Write(file, File.ReadAllText(world.PathOf(file)).Replace("\"use\":", $"\"lock\": \"{lockFile}\", \"use\":", StringComparison.Ordinal));

    private IEnumerable<string> Locked(string file)
    {
        var locked = JsonElement.Parse(File.ReadAllText(world.PathOf(file)));
        Assert.True(locked.GetProperty("strict").GetBoolean());
        return locked.GetProperty("plugins").EnumerateObject().Select(plugin => plugin.Name);
    }
}
