using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Tests;

/// <summary>A name that can't be used is told with the one that was meant; nothing is decided by that.</summary>
public sealed class NameHintTests
{
    [Theory]
    [InlineData("Miner.Alice.eth", " ENSIP-15 writes it miner.alice.eth. Did you mean that?")]
    [InlineData("ｍｉｎｅｒ.alice.eth", " ENSIP-15 writes it miner.alice.eth. Did you mean that?")]
    [InlineData("miner.alice.eth", "")]
    [InlineData("miner", "")]
    [InlineData("Größe.eth", " ENSIP-15 writes it größe.eth, which has letters that names in pools don't have.")]
    public void The_form_that_ENS_has_of_it_is_named(string typed, string hint) => Assert.Equal(hint, NameHints.Of(typed));

    /// <summary>Cyrillic letters that look like Latin ones: no form that ENS has is what was typed, so it is said why.</summary>
    [Theory]
    [InlineData("miner.\u0430lice.eth")]
    [InlineData("miner.al ice.eth")]
    [InlineData("miner..eth")]
    [InlineData("miner。alice.eth")]
    public void What_has_no_form_is_told_why(string typed) => Assert.StartsWith(" ENSIP-15 has no form of it: ", NameHints.Of(typed), StringComparison.Ordinal);

    [Fact]
    public void What_is_longer_than_any_name_is_not_looked_at() => Assert.Equal("", NameHints.Of(new string('A', 256)));

    [Fact]
    public async Task A_name_that_the_names_file_does_not_have_is_told_with_the_nearest_that_it_has()
    {
        using var world = new World(width: 1000);
        await world.SwarmPoolAsync("init");
        await world.MinerAsync("plugin", "list");
        Assert.Equal("", world.Error);

        world.Write("swarm-client.json", File.ReadAllText(world.PathOf("swarm-client.json")).Replace("\"swarmpool.eth\"", "\"swarmpol.eth\"", StringComparison.Ordinal).Replace("\"clinic.", "\"Clinic.", StringComparison.Ordinal));
        await world.ClientAsync("plugin", "list");
        Assert.Contains("! pool_ens: names.json has no swarmpol.eth. Did you mean swarmpool.eth?\n", world.Error, StringComparison.Ordinal);
        Assert.Contains("! client_ens: ENSIP-15 writes it clinic.clientswarm.eth. Did you mean that?\n", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_the_names_file_that_can_not_be_one_is_told_with_its_form()
    {
        using var world = new World(width: 1000);
        await world.SwarmPoolAsync("init");
        world.Write("names.json", File.ReadAllText(world.PathOf("names.json")).Replace("\"miner.alice.eth\"", "\"Miner.Alice.eth\"", StringComparison.Ordinal));
        await world.MinerAsync("plugin", "list");
        Assert.Contains($"! {world.PathOf("names.json")} has 'Miner.Alice.eth': ENSIP-15 writes it miner.alice.eth. Did you mean that?\n", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_names_file_gives_no_hint_and_is_no_fault()
    {
        using var world = new World(width: 1000);
        await world.SwarmPoolAsync("init");
        world.Write("names.json", """{"names": [1""");
        Assert.Equal(ExitCodes.Ok, await world.MinerAsync("plugin", "list"));
        Assert.Equal("", world.Error);
    }

    [Fact]
    public async Task Init_tells_the_form_of_a_name_that_it_refuses()
    {
        using var world = new World(width: 1000);
        Assert.Equal(ExitCodes.Configuration, await world.SwarmPoolAsync("init", "--pool", "SwarmPool.eth"));
        Assert.Contains("ENSIP-15 writes it swarmpool.eth. Did you mean that?", world.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(world.PathOf("swarmpool.json")));
    }
}
