using Microsoft.ML.OnnxRuntime;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>How a session is run on the prepared tensors: once, or window by window. Thread-safe.</summary>
internal interface IModelRunner
{
    /// <summary>The inputs it fills itself.</summary>
    IReadOnlyList<string> Feeds { get; }

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
internal sealed record OrtRun(RunOptions Options, long MaxBytes, IProgress<int>? Progress, CancellationToken CancellationToken);
