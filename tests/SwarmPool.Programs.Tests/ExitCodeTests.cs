using System.Text.Json.Nodes;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task A_bare_command_explains_itself()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Ok, await world.SwarmPoolAsync());
        Assert.Contains("init", world.Out, StringComparison.Ordinal);
        Assert.Contains("journal", world.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("run", "--bogus")]
    [InlineData("run", "--config")]
    public async Task Mistakes_of_usage_are_2(params string[] args)
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Usage, await world.SwarmPoolAsync(args));
        Assert.StartsWith("✗ ", world.Error, StringComparison.Ordinal);
        Assert.Empty(world.Out);
    }

    [Fact]
    public async Task A_daemon_without_configuration_points_to_init()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("run"));
        Assert.Contains("SP1002", world.Error, StringComparison.Ordinal);
        Assert.Contains("swarmpool init", world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ not json", "SP1001")]
    [InlineData("""{"plugins":{"use":{"SwarmPool.Plugins.Nope":{}}}}""", "SP1101")]
    [InlineData("""{"plugins":{"use":{"SwarmPool.Plugins.Settlement7525":{}}}}""", "SP1104")]
    public async Task A_bad_configuration_is_3_and_says_which_rule(string configuration, string code)
    {
        using var world = new World();
        world.Write("swarmpool.json", configuration);
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("run"));
        Assert.Contains($"✗ {code}: ", world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://:s3cr3tValue@127.0.0.1:1", "SP5001")]
    [InlineData("127.0.0.1:1,password=left\\,s3cr3tValue,ssl=true", "SP1001")]
    public async Task A_server_that_is_away_or_named_wrongly_is_told_without_its_password(string configuration, string code)
    {
        using var world = new World();
        await world.SwarmPoolAsync("init", "--transport", "redis");
        var json = JsonNode.Parse(await File.ReadAllTextAsync(world.PathOf("swarm-client.json")))!;
        json["plugins"]!["use"]!["SwarmPool.Plugins.Redis"] = new JsonObject
        {
            ["slots"] = "transport",
            ["configuration"] = configuration,
            ["timeout_seconds"] = 1,
            ["connect_timeout_seconds"] = 1,
        };
        world.Write("swarm-client.json", json.ToJsonString());
        Assert.NotEqual(ExitCodes.Ok, await world.ClientAsync("submit", "job.json"));
        Assert.Contains($"✗ {code}: ", world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3tValue", world.Error + world.Screen + world.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("left", world.Error + world.Screen + world.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_is_3()
    {
        using var world = new World();
        await world.SwarmPoolAsync("init", "--miners", "miner.alice.eth");
        File.Delete(world.PathOf("keys/swarmpool.eth.key"));
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("run"));
        Assert.Contains("SP1201", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_not_there_is_7()
    {
        using var world = new World();
        await world.SwarmPoolAsync("init", "--miners", "miner.alice.eth");
        Assert.Equal(ExitCodes.Journal, await world.SwarmPoolAsync("status"));
        Assert.Contains("SP4006", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environments_key_replaces_the_files_key()
    {
        using var world = new World();
        await world.SwarmPoolAsync("init", "--miners", "miner.alice.eth");
        world.Environment["OPERATOR_PRIVATE_KEY"] = "not a key";
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("run"));
        Assert.Contains("✗ SP1202: ", world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pitfall27_a_key_on_the_command_line_works_and_is_warned_of_without_being_shown()
    {
        using var world = new World();
        var key = new string('g', 64);
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("mine", "--key", key, "--ens", "nobody"));
        Assert.Contains("SP1204", world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key, world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine", "--mode", "TEAM")]
    public async Task Only_the_two_modes_are_taken(params string[] args)
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Usage, await world.MinerAsync(args));
    }

    [Theory]
    [InlineData("cancel", "nonsense")]
    [InlineData("submit", "job.json", "--timeout", "0")]
    public async Task A_client_refuses_nonsense_before_it_connects(params string[] args)
    {
        using var world = new World();
        Assert.NotEqual(ExitCodes.Ok, await world.ClientAsync(args));
        Assert.StartsWith("✗ ", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_jobs_have_no_one_output_file()
    {
        using var world = new World();
        Assert.Equal(ExitCodes.Usage, await world.ClientAsync("submit", "a.json", "b.json", "--output", "out.bin"));
        Assert.Contains("--output", world.Error, StringComparison.Ordinal);
    }
}
