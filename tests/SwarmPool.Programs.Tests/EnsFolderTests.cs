using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;

namespace SwarmPool.Programs.Tests;

/// <summary>The ENS plugin as people use it: a folder beside the program, named in a configuration.</summary>
[Trait("Needs", "ethereum")]
public sealed class EnsFolderTests
{
    [Fact]
    public async Task From_its_folder_it_resolves_a_name_of_a_real_chain()
    {
        await using var chain = await EnsChain.EnsChain.StartAsync();
        var name = await chain.RegisterAsync("miner.alice.eth", chain.Owner);
        using var world = new World();
        await File.WriteAllTextAsync(world.PathOf("nodes.txt"), chain.Node.Url.ToString(), TestContext.Current.CancellationToken);
        await WriteAsync(world, $$"""{ "endpoints_file": "nodes.txt", "network": "{{EnsChain.EnsChain.Network}}", "registry": "{{chain.Registry}}" }""");
        var builder = SwarmPoolBuilder.CreateFromFile(world.PathOf("party.json"), environmentPrefix: null);
        builder.UsePlugins();
        using var host = builder.Build();
        var identity = host.Services.GetRequiredService<IIdentityProvider>();
        var answer = await identity.ResolveAsync(name, TestContext.Current.CancellationToken);
        Assert.True(answer.Status == IdentityStatus.Known, answer.ToString());
        Assert.Equal(chain.Owner, answer.Accounts.Single());
    }

    /// <summary>What its validator says reaches the host, though validator and options are the plugin's own types.</summary>
    [Fact]
    public async Task From_its_folder_its_options_are_validated_at_the_start()
    {
        using var world = new World();
        await WriteAsync(world, """{ "network": "mainnet", "lifetime_seconds": 0 }""");
        var builder = SwarmPoolBuilder.CreateFromFile(world.PathOf("party.json"), environmentPrefix: null);
        builder.UsePlugins();
        var problem = Assert.ThrowsAny<Exception>(() => builder.Build());
        var said = string.Join('\n', StartupErrors.Describe(problem));
        Assert.All(["endpoints", "network", "lifetime_seconds"], key => Assert.Contains(key, said, StringComparison.Ordinal));
    }

    private static Task WriteAsync(World world, string section) => File.WriteAllTextAsync(
        world.PathOf("party.json"), $$"""{ "plugins": { "use": { "SwarmPool.Plugins.Ens": {{section}} } } }""", TestContext.Current.CancellationToken);
}
