using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>Turns a job's input, bytes from a stranger, into tensors. Pure and thread-safe.</summary>
internal interface IPreprocessor
{
    /// <summary>The inputs it makes.</summary>
    IReadOnlyList<string> Feeds { get; }

    /// <exception cref="InferenceException">The bytes are not what the model takes.</exception>
    IReadOnlyDictionary<string, ModelTensor> Read(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);
}
