using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins.ChatClient.Tests.Support;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Plugins.ChatClient.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void The_plugin_reads_its_section()
    {
        var builder = new TestBuilder(Places.Root);
        new ChatClientPlugin().Configure(builder, Section(("models", "mine"), ("max_parallel", "3"), ("max_input_bytes", "99")));
        var options = builder.BuildServices().GetRequiredService<IOptions<ChatClientOptions>>().Value;

        Assert.Equal(("mine", 3, 99), (options.Models, options.MaxParallel, options.MaxInputBytes));
    }

    [Fact]
    public void All_bad_options_are_told_at_start()
    {
        var builder = new TestBuilder(Places.Root);
        new ChatClientPlugin().Configure(builder, Section(("models", " "), ("max_parallel", "0"), ("max_input_bytes", "99999999")));
        var refused = Assert.Throws<OptionsValidationException>(() => builder.BuildServices().GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(3, refused.Failures.Count());
        Assert.All(["models: a path is missing", "max_parallel: 0", "max_input_bytes: 99999999"], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_key_is_told_at_start()
    {
        var builder = new TestBuilder(Places.Root);
        new ChatClientPlugin().Configure(builder, Section(("api_key", "hunter22")));
        var refused = Assert.Throws<OptionsValidationException>(() => builder.BuildServices().GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("api_key: no such option of chat", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A plugin can't refer to the catalog, which documents its codes.</summary>
    [Fact]
    public void The_codes_are_those_of_the_catalog()
    {
        var codes = typeof(ChatFault).GetFields(BindingFlags.Public | BindingFlags.Static).Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!).ToList();

        Assert.Equal(12, codes.Count);
        Assert.Distinct(codes);
        Assert.All(codes, static code => Assert.NotNull(ErrorCatalog.Find(code)));
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] pairs) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(pairs.Select(pair => new KeyValuePair<string, string?>($"chat:{pair.Key}", pair.Value)))
            .Build()
            .GetSection("chat");
}
