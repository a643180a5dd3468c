using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Onnx;

/// <summary>Finds every problem of the options at once.</summary>
internal sealed class OnnxOptionsCheck : IValidateOptions<OnnxOptions>
{
    public ValidateOptionsResult Validate(string? name, OnnxOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckPath("models", options.Models);
        problems.CheckDefined("device", options.Device);
        problems.CheckRange("intra_op_threads", options.IntraOpThreads, 1, 256);
        problems.CheckRange("max_parallel", options.MaxParallel, 1, 1024);
        problems.CheckRange("batch_milliseconds", options.BatchMilliseconds, 0, 1000);
        problems.CheckRange("batch_size", options.BatchSize, 2, 1024);
        problems.CheckRange("max_input_bytes", options.MaxInputBytes, 1, 1024 * 1024 * 1024);
        problems.CheckRange("max_tensor_bytes", options.MaxTensorBytes, 1024 * 1024, int.MaxValue);
        problems.CheckRange("max_output_bytes", options.MaxOutputBytes, 1024, 1024 * 1024 * 1024);
        if (options.MaxMemoryBytes != 0)
        {
            problems.CheckRange("max_memory_bytes", options.MaxMemoryBytes, 64 * 1024 * 1024, uint.MaxValue);
        }

        return problems.Build();
    }
}
