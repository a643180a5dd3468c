using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Tests.Support;

namespace SwarmPool.Plugins.Ens.Tests;

public sealed class OptionsTests(ChainFixture fixture) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-ens-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void All_that_is_wrong_is_said_at_once_and_no_secret_with_it()
    {
        var problems = Problems(
            ("endpoints:0", "https://node.example/v3/good"), ("endpoints:1", "ftp://node.example/c0ffee"), ("endpoints:2", "https://user:c0ffee@node.example"),
            ("network", "mainnet"), ("registry", "alice.eth"), ("universal_resolver", "0x0000000000000000000000000000000000000000"),
            ("timeout_seconds", "0"), ("names_per_request", "0"), ("lifetime_seconds", "0"), ("unknown_lifetime_seconds", "0"), ("grace_seconds", "-1"),
            ("gass", "1"));
        Assert.All(
            ["place 2", "place 3", "network", "registry", "universal_resolver", "timeout_seconds", "names_per_request", "lifetime_seconds", "unknown_lifetime_seconds", "grace_seconds", "gass"],
            what => Assert.Contains(what, problems, StringComparison.Ordinal));
        Assert.DoesNotContain("c0ffee", problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry")]
    [InlineData("universal_resolver")]
    public void A_contract_with_a_wrong_checksum_is_told_with_the_right_one(string key)
    {
        var problems = Problems(("endpoints:0", "https://node.example"), (key, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
        Assert.Contains($"{key}: the contract's address has a wrong checksum", problems, StringComparison.Ordinal);
        Assert.Contains("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_node_there_is_no_start() => Assert.Contains("endpoints", Problems(), StringComparison.Ordinal);

    [Theory]
    [InlineData("lookup", "magic")]
    [InlineData("block", "pending")]
    [InlineData("offchain", "maybe")]
    public void A_value_that_is_none_is_named(string key, string value) =>
        Assert.Contains(key, Problems(("endpoints:0", "https://node.example"), (key, value)), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_file_that_is_missing_is_named() =>
        Assert.Contains("nodes.txt", Problems(("endpoints_file", "nodes.txt")), StringComparison.Ordinal);

    [Fact]
    public async Task By_configuration_it_resolves_as_in_code_and_addresses_may_lie_in_a_file()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "nodes.txt"), $"\n{fixture.Chain.Node.Url}\n", TestContext.Current.CancellationToken);
        await using var services = Services(
            ("endpoints_file", "nodes.txt"), ("network", EnsChain.EnsChain.Network), ("registry", fixture.Chain.Registry.ToString()));
        var identity = services.GetRequiredService<IIdentityProvider>();
        Assert.Equal(EnsChain.EnsChain.Network, identity.Network);
        Assert.Equal(IdentityStatus.Known, (await identity.ResolveAsync(EnsName.Parse("m1.many.eth"), TestContext.Current.CancellationToken)).Status);
    }

    private string Problems(params (string Key, string Value)[] section)
    {
        using var services = Services(section);
        var problems = new List<string>();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException fault)
        {
            problems.AddRange(fault.Failures);
        }
        catch (AggregateException faults)
        {
            problems.AddRange(faults.InnerExceptions.SelectMany(static fault => ((OptionsValidationException)fault).Failures));
        }

        Assert.NotEmpty(problems);
        return string.Join('\n', problems);
    }

    private ServiceProvider Services(params (string Key, string Value)[] section)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(section.Select(static entry => KeyValuePair.Create("ens:" + entry.Key, (string?)entry.Value))).Build();
        var builder = new TestBuilder(configuration, folder);
        new EnsPlugin().Configure(builder, configuration.GetSection("ens"));
        return builder.Build();
    }
}
