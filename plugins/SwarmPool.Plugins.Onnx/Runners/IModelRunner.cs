using Microsoft.ML.OnnxRuntime;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>How a session is run on the prepared tensors: once, or window by window. Thread-safe.</summary>
internal interface IModelRunner
{
    /// <summary>The inputs it fills itself.</summary>
    IReadOnlyList<string> Feeds { get; }

    /// <summary>Runs; returns the outputs by name.</summary>
    /// <param name="session">The loaded model.</param>
    /// <param name="inputs">What the preprocessor made.</param>
    /// <param name="options">Its Terminate ends a run under way.</param>
    /// <param name="progress">0 to 100; may be null.</param>
    /// <param name="cancellationToken">Ends it between steps.</param>
    IReadOnlyDictionary<string, ModelTensor> Run(
        InferenceSession session,
        IReadOnlyDictionary<string, ModelTensor> inputs,
        RunOptions options,
        IProgress<int>? progress,
        CancellationToken cancellationToken);
}
