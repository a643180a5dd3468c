using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>Turns a model's outputs into the answer: canonical JSON (RFC 8785) without fractions. Pure and thread-safe.</summary>
internal interface IPostprocessor
{
    /// <exception cref="InferenceException">The outputs make no answer (NaN, or another shape than model.json says).</exception>
    ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs);
}

/// <summary>An answer.</summary>
/// <param name="Json">Its bytes.</param>
/// <param name="Confidence">A decimal string; null when the model has none.</param>
internal sealed record ModelAnswer(byte[] Json, string? Confidence);
