using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Llama.Native;

namespace SwarmPool.Plugins.Llama;

/// <summary>Finds every problem of the options at once.</summary>
internal sealed class LlamaOptionsCheck : IValidateOptions<LlamaOptions>
{
    public ValidateOptionsResult Validate(string? name, LlamaOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckPath("models", options.Models);
        problems.CheckRange("threads", options.Threads, 1, 256);
        problems.CheckRange("max_sequences", options.MaxSequences, 1, 64);
        problems.CheckRange("block_tokens", options.BlockTokens, 16, 2048);
        problems.CheckRange("gpu_layers", options.GpuLayers, 0, 1000);
        problems.CheckRange("max_input_bytes", options.MaxInputBytes, 1, 1024 * 1024 * 1024);
        problems.Check(
            options.CpuBuild == LlamaLibrary.Auto || LlamaLibrary.CpuBuilds.Contains(options.CpuBuild),
            $"cpu_build: write {LlamaLibrary.Auto}, {string.Join(", ", LlamaLibrary.CpuBuilds)}, not {options.CpuBuild}");
        return problems.Build();
    }
}
