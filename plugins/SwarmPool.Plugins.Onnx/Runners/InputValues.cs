using Microsoft.ML.OnnxRuntime;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>Tensors lent to ONNX Runtime for as long as this lives; what is written to them meanwhile is seen by the next run.</summary>
internal sealed class InputValues : IDisposable
{
    private readonly List<OrtValue> values = [];

    public InputValues(IEnumerable<KeyValuePair<string, ModelTensor>> tensors)
    {
        var names = new List<string>();
        foreach (var (name, tensor) in tensors)
        {
            names.Add(name);
            values.Add(tensor.ToOrtValue());
        }

        Names = names;
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyCollection<OrtValue> Values => values;

    public void Dispose() => values.ForEach(value => value.Dispose());
}
