using Microsoft.ML.OnnxRuntime;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>Tensors lent to ONNX Runtime for as long as this lives.</summary>
internal sealed class InputValues : IDisposable
{
    private readonly List<LentTensor> lent = [];

    public InputValues(IEnumerable<KeyValuePair<string, ModelTensor>> tensors)
    {
        var names = new List<string>();
        foreach (var (name, tensor) in tensors)
        {
            names.Add(name);
            lent.Add(new LentTensor(tensor));
        }

        Names = names;
        Values = [.. lent.Select(static tensor => tensor.Value)];
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyCollection<OrtValue> Values { get; }

    public void Dispose() => lent.ForEach(static tensor => tensor.Dispose());
}
