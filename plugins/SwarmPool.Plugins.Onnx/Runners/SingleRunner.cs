using Microsoft.ML.OnnxRuntime;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>"single": one run over the whole input.</summary>
internal sealed class SingleRunner(ModelTensors tensors, IReadOnlyDictionary<string, ModelTensor> constants) : IModelRunner
{
    private readonly string[] outputNames = [.. tensors.Outputs.Select(output => output.Name)];

    public IReadOnlyList<string> Feeds { get; } = [.. constants.Keys];

    public IReadOnlyDictionary<string, ModelTensor> Run(
        InferenceSession session,
        IReadOnlyDictionary<string, ModelTensor> inputs,
        RunOptions options,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        progress?.Report(0);
        using var fed = new InputValues(inputs.Concat(constants));
        using var outputs = session.Run(options, fed.Names, fed.Values, outputNames);
        progress?.Report(100);
        return outputNames.Zip(outputs).ToDictionary(pair => pair.First, pair => ModelTensor.From(pair.Second), StringComparer.Ordinal);
    }
}
