using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Onnx;

/// <summary>Finds every bad option at once.</summary>
internal sealed class OnnxOptionsCheck : IValidateOptions<OnnxOptions>
{
    public ValidateOptionsResult Validate(string? name, OnnxOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Models))
        {
            problems.Add("onnx: models is empty; write the folder that holds the model folders, e.g. \"models\".");
        }

        if (!Enum.IsDefined(options.Device))
        {
            problems.Add($"onnx: device is {(int)options.Device}; write auto, cuda or cpu.");
        }

        Range("intra_op_threads", options.IntraOpThreads, 256);
        Range("max_parallel", options.MaxParallel, 1024);
        Range("max_input_bytes", options.MaxInputBytes, 1024 * 1024 * 1024);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Range(string key, int value, int most)
        {
            if (value < 1 || value > most)
            {
                problems.Add($"onnx: {key} is {value}; write a number from 1 to {most}.");
            }
        }
    }
}
