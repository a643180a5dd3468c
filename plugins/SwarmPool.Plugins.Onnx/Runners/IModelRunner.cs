using Microsoft.ML.OnnxRuntime;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>How a session is run on the prepared tensors: once, or window by window. Thread-safe.</summary>
internal interface IModelRunner
{
    /// <summary>The inputs it fills itself.</summary>
    IReadOnlyList<string> Feeds { get; }

    /// <summary>Whether several inputs may be run as one, along the first dimension.</summary>
    bool Batches => false;

    /// <summary>What it gives to the steps after it; null: the model's outputs.</summary>
    IReadOnlyList<TensorSpec>? Gives => null;

    /// <summary>The file of a second model that it needs, one of <c>files</c>; null: none.</summary>
    string? Second => null;

    /// <summary>In what the second model is not what the manifest says.</summary>
    IReadOnlyList<string> SecondDifferences(InferenceSession second) => [];

    /// <summary>Runs; returns the outputs by name.</summary>
    /// <param name="session">The loaded model.</param>
    /// <param name="inputs">What the preprocessor made.</param>
    /// <param name="run">How this one is run.</param>
    /// <exception cref="InferenceException">The outputs are too large.</exception>
    IReadOnlyDictionary<string, ModelTensor> Run(InferenceSession session, IReadOnlyDictionary<string, ModelTensor> inputs, OrtRun run);
}

/// <summary>One run of a model.</summary>
/// <param name="Options">Its Terminate ends a run under way.</param>
/// <param name="MaxBytes">The most bytes that the outputs may have together.</param>
/// <param name="Progress">0 to 100; may be null.</param>
/// <param name="CancellationToken">Ends it between steps.</param>
internal sealed record OrtRun(RunOptions Options, long MaxBytes, IProgress<int>? Progress, CancellationToken CancellationToken)
{
    /// <summary>The second model; null where the runner needs none.</summary>
    public InferenceSession? Second { get; init; }
}
