using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Batching;

/// <summary>Several inputs as one, along the first dimension, and the outputs apart again.</summary>
internal static class TensorBatch
{
    /// <summary>What inputs have to have in common to be joined: names, types, and shapes but for the first dimension.</summary>
    public static string KeyOf(IReadOnlyDictionary<string, ModelTensor> inputs) =>
        string.Join(';', inputs.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"{pair.Key}:{pair.Value.Type}[{string.Join(',', pair.Value.Shape.Skip(1))}]"));

    /// <summary>How many there are in an input: its first dimension, one and the same in all tensors; null when they differ or have none.</summary>
    public static long? CountOf(IReadOnlyDictionary<string, ModelTensor> inputs)
    {
        var counts = inputs.Values.Select(static tensor => tensor.Shape.Count > 0 ? tensor.Shape[0] : -1).Distinct().ToList();
        return counts is [> 0 and var count] ? count : null;
    }

    /// <summary>One input of all of them, in order; they have one key.</summary>
    public static IReadOnlyDictionary<string, ModelTensor> Join(IReadOnlyList<IReadOnlyDictionary<string, ModelTensor>> inputs) =>
        inputs.Count == 1 ? inputs[0] : inputs[0].Keys.ToDictionary(static name => name, name => Join([.. inputs.Select(one => one[name])]), StringComparer.Ordinal);

    /// <summary>Each one's part of the outputs.</summary>
    /// <param name="outputs">Outputs of the joined input.</param>
    /// <param name="counts">How many of the first dimension are each one's.</param>
    /// <exception cref="InferenceException">An output has another first dimension: the model does not do them apart.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, ModelTensor>> Split(IReadOnlyDictionary<string, ModelTensor> outputs, IReadOnlyList<long> counts)
    {
        var all = counts.Sum();
        foreach (var (name, tensor) in outputs)
        {
            if (tensor.Shape.Count == 0 || tensor.Shape[0] != all)
            {
                throw new InferenceException($"The model gave [{string.Join(',', tensor.Shape)}] in output \"{name}\" for {all} inputs at once: it can't be run in batches. Take batch out of its model.json.");
            }
        }

        var parts = new List<IReadOnlyDictionary<string, ModelTensor>>();
        var from = 0L;
        foreach (var count in counts)
        {
            var at = from;
            parts.Add(outputs.ToDictionary(static pair => pair.Key, pair => Part(pair.Value, at, count), StringComparer.Ordinal));
            from += count;
        }

        return parts;
    }

    private static ModelTensor Join(IReadOnlyList<ModelTensor> tensors)
    {
        var data = Array.CreateInstanceFromArrayType(tensors[0].Data.GetType(), checked((int)tensors.Sum(static tensor => tensor.Data.LongLength)));
        var at = 0;
        foreach (var tensor in tensors)
        {
            Array.Copy(tensor.Data, 0, data, at, tensor.Data.Length);
            at += tensor.Data.Length;
        }

        return new ModelTensor([tensors.Sum(static tensor => tensor.Shape[0]), .. tensors[0].Shape.Skip(1)], data);
    }

    private static ModelTensor Part(ModelTensor whole, long from, long count)
    {
        var each = whole.Data.LongLength / whole.Shape[0];
        var data = Array.CreateInstanceFromArrayType(whole.Data.GetType(), (int)(each * count));
        Array.Copy(whole.Data, from * each, data, 0, data.LongLength);
        return new ModelTensor([count, .. whole.Shape.Skip(1)], data);
    }
}
