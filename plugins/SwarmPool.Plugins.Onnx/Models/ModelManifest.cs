using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Postprocessing;
using SwarmPool.Plugins.Onnx.Preprocessing;
using SwarmPool.Plugins.Onnx.Runners;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>A model.json that was read and found good.</summary>
internal sealed record ModelManifest
{
    public required string Name { get; init; }

    /// <summary>The .onnx file's full path.</summary>
    public required string File { get; init; }

    public required string Sha256 { get; init; }

    public required string Precision { get; init; }

    public required IReadOnlyList<string> JobTypes { get; init; }

    public required ModelTensors Tensors { get; init; }

    public required IPreprocessor Preprocessor { get; init; }

    public required IModelRunner Runner { get; init; }

    public required IPostprocessor Postprocessor { get; init; }

    public ModelDescription Describe() => new(Name, Sha256, JobTypes);
}

/// <summary>A model's inputs and outputs.</summary>
internal sealed record ModelTensors(IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs);
