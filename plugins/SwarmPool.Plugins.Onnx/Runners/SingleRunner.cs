using Microsoft.ML.OnnxRuntime;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>"single": one run over the whole input.</summary>
internal sealed class SingleRunner(ModelTensors tensors, IReadOnlyDictionary<string, ModelTensor> constants, bool batches) : IModelRunner
{
    private readonly string[] outputNames = [.. tensors.Outputs.Select(output => output.Name)];

    public bool Batches => batches;

    public IReadOnlyList<string> Feeds { get; } = [.. constants.Keys];

    public IReadOnlyDictionary<string, ModelTensor> Run(InferenceSession session, IReadOnlyDictionary<string, ModelTensor> inputs, OrtRun run)
    {
        run.Progress?.Report(0);
        using var fed = new InputValues(inputs.Concat(constants));
        using var outputs = session.Run(run.Options, fed.Names, fed.Values, outputNames);
        var read = OrtTensors.Read(outputNames, [.. outputs], run.MaxBytes);
        run.Progress?.Report(100);
        return read;
    }
}
