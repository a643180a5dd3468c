using System.Text.Json;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;
using static SwarmPool.Programs.Tests.Plugins.BuiltPlugins;

namespace SwarmPool.Programs.Tests.Plugins;

public sealed class PluginCommandTests : IDisposable
{
    private const string Policy = "SwarmPool.Plugins.Settlement7525";

    private readonly World world = new(width: 1000);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_first_pool_locks_its_plugins_and_they_verify()
    {
        await world.SwarmPoolAsync("init");

        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "verify"));
        Assert.Contains("✓ Every plugin that the configuration uses can be loaded, and is as it was locked.", world.Screen, StringComparison.Ordinal);
        using var file = JsonDocument.Parse(File.ReadAllText(world.PathOf("plugins.lock.json")));
        Assert.True(file.RootElement.GetProperty("strict").GetBoolean());
        Assert.Equal(["SwarmPool.Plugins.Embedded", Policy], file.RootElement.GetProperty("plugins").EnumerateObject().Select(plugin => plugin.Name));
    }

    [Fact]
    public async Task The_list_says_what_is_used_and_what_is_locked()
    {
        await world.SwarmPoolAsync("init");
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "list"));

        Assert.Contains($"✓ {Policy}\n    version 0.1.0, contracts 0.1.0, used, locked\n", world.Screen, StringComparison.Ordinal);
        Assert.Contains("· SwarmPool.Plugins.Onnx\n    version 0.1.0, contracts 0.1.0, not used, not locked\n", world.Screen, StringComparison.Ordinal);
        Assert.Contains(world.PathOf("plugins.lock.json"), world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_added_locked_used_changed_and_removed()
    {
        await world.SwarmPoolAsync("init");
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "add", FolderOf(Good)));
        Assert.Contains($"✓ {Good} 0.1.0, built against contracts 0.1.0", world.Screen, StringComparison.Ordinal);
        Assert.True(File.Exists(world.PathOf($"plugins/{Good}/Newtonsoft.Json.dll")));
        Assert.Equal([Good], Directory.GetDirectories(world.PathOf("plugins")).Select(Path.GetFileName));

        Use(Good);
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "verify"));

        File.AppendAllText(world.PathOf($"plugins/{Good}/Newtonsoft.Json.dll"), "more");
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "verify"));
        Assert.Contains($"SP1113: Plugin {Good} is not as it was locked", world.Screen, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("status"));

        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "lock", Good));
        Assert.Contains("    changed: Newtonsoft.Json.dll\n", world.Screen, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "verify"));

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "remove", Good));
        Assert.Contains("Take it out of plugins:use first", world.Error, StringComparison.Ordinal);
        Use(Policy, Good);
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "remove", Good));
        Assert.False(Directory.Exists(world.PathOf($"plugins/{Good}")));
        Assert.DoesNotContain(Good, File.ReadAllText(world.PathOf("plugins.lock.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_loaded_is_not_added()
    {
        await world.SwarmPoolAsync("init");

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "add", FolderOf(Unmarked)));
        Assert.Contains($"SP1102: Plugin {Unmarked}:", world.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(world.PathOf("plugins")));
        Assert.DoesNotContain(Unmarked, File.ReadAllText(world.PathOf("plugins.lock.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugins_of_the_program_itself_are_not_removed()
    {
        await world.SwarmPoolAsync("init");

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "remove", Policy));
        Assert.Contains("with the program itself", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_lock_file_in_the_configuration_nothing_is_locked_by_mistake()
    {
        await world.SwarmPoolAsync("init");
        world.Write("swarmpool.json", File.ReadAllText(world.PathOf("swarmpool.json")).Replace("\"lock\": \"plugins.lock.json\",", "", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "lock"));
        Assert.Contains("Add \"lock\": \"plugins.lock.json\" under \"plugins\"", world.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "verify"));
    }

    [Theory]
    [InlineData("../Evil")]
    [InlineData(".Evil")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_name_that_leads_elsewhere_is_none(string name)
    {
        await world.SwarmPoolAsync("init");

        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("plugin", "add", FolderOf(Good), "--name", name));
        Assert.Contains("can't be a plugin's name", world.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(world.PathOf("plugins")));
    }

    [Fact]
    public async Task As_JSON_there_is_one_document()
    {
        await world.SwarmPoolAsync("init");
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync("plugin", "list", "--json"));

        using var list = JsonDocument.Parse(world.Out);
        var policy = list.RootElement.GetProperty("plugins").EnumerateArray().Single(plugin => plugin.GetProperty("name").GetString() == Policy);
        Assert.Equal("Locked", policy.GetProperty("lock").GetString());
    }

    private void Use(string plugin, string inPlaceOf = Policy) =>
        world.Write("swarmpool.json", File.ReadAllText(world.PathOf("swarmpool.json")).Replace(inPlaceOf, plugin, StringComparison.Ordinal));
}
