using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Tests.Plugins;

namespace SwarmPool.Runtime.Tests.Hosting;

public sealed class ConfigurationFileTests
{
    [Fact]
    public void The_file_is_read_its_folder_is_the_base_and_overrides_win()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("pool.json"), """{ "pool": { "name": "a.eth", "port": 1 } }""");

        var builder = SwarmPoolBuilder.CreateFromFile(folder.Combine("pool.json"), overrides: [new("pool:port", "2")]);

        Assert.Equal(("a.eth", "2"), (builder.Configuration["pool:name"], builder.Configuration["pool:port"]));
        Assert.Equal(folder.Path, builder.BaseDirectory);
    }

    [Fact]
    public void The_environment_wins_over_the_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("pool.json"), """{ "pool": { "name": "a.eth" } }""");
        Environment.SetEnvironmentVariable("SWARMPOOLTEST_pool__name", "b.eth");
        try
        {
            Assert.Equal("b.eth", SwarmPoolBuilder.CreateFromFile(folder.Combine("pool.json"), "SWARMPOOLTEST_").Configuration["pool:name"]);
            Assert.Equal("a.eth", SwarmPoolBuilder.CreateFromFile(folder.Combine("pool.json"), null).Configuration["pool:name"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SWARMPOOLTEST_pool__name", null);
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();

        var refused = Assert.Throws<SwarmPoolException>(() => SwarmPoolBuilder.CreateFromFile(folder.Combine("none.json")));

        Assert.Equal(ErrorCodes.ConfigurationMissing, refused.Code);
        Assert.Contains(folder.Combine("none.json"), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_named_with_the_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("pool.json"), "{\n \"pool\": oops }");

        var refused = Assert.Throws<SwarmPoolException>(() => SwarmPoolBuilder.CreateFromFile(folder.Combine("pool.json")));

        Assert.Equal(ErrorCodes.ConfigurationInvalid, refused.Code);
        Assert.Contains(folder.Combine("pool.json"), refused.Message, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 1", refused.Message, StringComparison.Ordinal);
    }
}
