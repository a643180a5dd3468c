using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task The_plugin_reads_its_section_and_fills_the_slot()
    {
        using var models = new TinyModels().Add();
        var builder = new TestBuilder(Path.GetDirectoryName(models.Folder)!);
        new LlamaPlugin().Configure(builder, Section(
            ("models", Path.GetFileName(models.Folder)), ("threads", "2"), ("max_sequences", "3"), ("block_tokens", "32"), ("gpu_layers", "0"), ("cpu_build", "auto"), ("max_input_bytes", "99999")));
        var options = builder.BuildServices().GetRequiredService<IOptions<LlamaOptions>>().Value;
        Assert.Equal((2, 3, 32, 0, "auto", "", 99_999), (options.Threads, options.MaxSequences, options.BlockTokens, options.GpuLayers, options.CpuBuild, options.Natives, options.MaxInputBytes));
        await using var backend = builder.Build();
        Assert.Equal("tiny", Assert.Single((await backend.DescribeAsync(default)).Models).Name);
    }

    [Fact]
    public void All_bad_options_are_told_at_start()
    {
        var builder = new TestBuilder("/");
        new LlamaPlugin().Configure(builder, Section(
            ("models", " "), ("threads", "0"), ("max_sequences", "65"), ("block_tokens", "8"), ("gpu_layers", "-1"), ("cpu_build", "sse"), ("max_input_bytes", "0")));
        var refused = Assert.Throws<OptionsValidationException>(() => builder.BuildServices().GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(7, refused.Failures.Count());
        Assert.All(
            ["models: a path is missing", "threads: 0", "max_sequences: 65", "block_tokens: 8", "gpu_layers: -1", "cpu_build: write auto, noavx, avx, avx2, avx512, not sse", "max_input_bytes: 0"],
            part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Natives_that_are_not_those_of_the_process_or_not_there_fail_clearly()
    {
        using var models = new TinyModels().Add();
        await using var first = Backends.Over(models.Folder);
        await first.DescribeAsync(default);
        await using var backend = Backends.Over(models.Folder, options => options.Natives = models.Folder);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.DescribeAsync(default));
        Assert.Contains("a process has it once", refused.Message, StringComparison.Ordinal);
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] pairs) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(pairs.Select(static pair => new KeyValuePair<string, string?>($"llama:{pair.Key}", pair.Value)))
            .Build()
            .GetSection("llama");
}
