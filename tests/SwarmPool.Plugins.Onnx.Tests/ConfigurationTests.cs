using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Inference;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task PluginReadsItsSectionAndFillsTheSlot()
    {
        var builder = new TestBuilder(Places.Root);
        new OnnxPlugin().Configure(builder, Section(
            ("models", "models"), ("device", "cpu"), ("intra_op_threads", "2"), ("max_parallel", "3"), ("max_input_bytes", "99999")));
        var options = builder.BuildServices().GetRequiredService<IOptions<OnnxOptions>>().Value;
        Assert.Equal(("models", OnnxDevice.Cpu, 2, 3, 99_999), (options.Models, options.Device, options.IntraOpThreads, options.MaxParallel, options.MaxInputBytes));
        await using var backend = builder.Build();
        Assert.Contains("\"label\":\"6\"", (await backend.RunDigitsAsync(DigitPictures.Png(6, 6))).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void AllBadOptionsAreToldAtStart()
    {
        var builder = new TestBuilder(Places.Root);
        new OnnxPlugin().Configure(builder, Section(("models", " "), ("intra_op_threads", "0"), ("max_parallel", "9999"), ("max_input_bytes", "-1"), ("max_tensor_bytes", "5"), ("max_output_bytes", "0"), ("max_memory_bytes", "1000")));
        var refused = Assert.Throws<OptionsValidationException>(() => builder.BuildServices().GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(7, refused.Failures.Count());
        Assert.All(["models: a path is missing", "intra_op_threads: 0", "max_parallel: 9999", "max_input_bytes: -1", "max_tensor_bytes: 5", "max_output_bytes: 0", "max_memory_bytes: 1000"], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CudaWithoutWhatItNeedsFailsClearly()
    {
        await using var backend = Backends.Over(Places.Models, options => options.Device = OnnxDevice.Cuda);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.DescribeAsync(default));
        Assert.Contains("device is set to cuda, but", refused.Message, StringComparison.Ordinal);
        Assert.Contains("OrtFlavor=gpu", refused.Message, StringComparison.Ordinal); // The test's runtime is the CPU build, whatever the machine.
        Assert.Contains("set device to auto or cpu", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AutoFallsBackToTheCpuAndSaysWhy()
    {
        var builder = new TestBuilder(Places.Root);
        builder.UseOnnx();
        await using var backend = builder.Build();
        var description = await backend.DescribeAsync(default);
        Assert.Equal("cpu", Assert.Single(description.Devices).Kind);
        Assert.Contains(builder.Logs.Lines, line => line.StartsWith("Models run on cpu: CUDA can't be used: ", StringComparison.Ordinal));
    }

    [Fact]
    public void UnknownDeviceIsToldAtStartByItsKey()
    {
        var builder = new TestBuilder(Places.Root);
        new OnnxPlugin().Configure(builder, Section(("device", "gpu"), ("devices", "2")));
        var refused = Assert.Throws<AggregateException>(() => builder.BuildServices().GetRequiredService<IStartupValidator>().Validate());
        var problems = refused.InnerExceptions.SelectMany(static one => Assert.IsType<OptionsValidationException>(one).Failures).ToList();
        Assert.Equal(2, problems.Count);
        Assert.Contains(problems, static one => one.StartsWith("device: ", StringComparison.Ordinal) && one.Contains("'gpu' at 'onnx:device'", StringComparison.Ordinal));
        Assert.Contains(problems, static one => one.StartsWith("devices: no such option of onnx", StringComparison.Ordinal));
    }

    [Fact]
    public void EventIdsAreUnique()
    {
        var ids = typeof(OnnxPlugin).Assembly.GetType("SwarmPool.Plugins.Onnx.OnnxLog", throwOnError: true)!
            .GetMethods()
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>()
            .ToList();
        Assert.Equal(11, ids.Count);
        Assert.Distinct(ids);
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] pairs) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(pairs.Select(pair => new KeyValuePair<string, string?>($"onnx:{pair.Key}", pair.Value)))
            .Build()
            .GetSection("onnx");
}
