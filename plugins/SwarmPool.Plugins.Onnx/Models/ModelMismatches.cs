using Microsoft.ML.OnnxRuntime;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>Compares what model.json declares with what the ONNX file has.</summary>
internal static class ModelMismatches
{
    public static IReadOnlyList<string> Differences(ModelTensors declared, InferenceSession session) =>
    [
        .. Differences("input", declared.Inputs, session.InputMetadata, all: true),
        .. Differences("output", declared.Outputs, session.OutputMetadata, all: false),
    ];

    private static IEnumerable<string> Differences(
        string what,
        IReadOnlyList<TensorSpec> declared,
        IReadOnlyDictionary<string, NodeMetadata> actual,
        bool all)
    {
        foreach (var tensor in declared)
        {
            if (!actual.TryGetValue(tensor.Name, out var node))
            {
                yield return $"there is no {what} \"{tensor.Name}\"";
            }
            else if (!node.IsTensor || OrtTensors.TypeOf(node.ElementDataType) != tensor.Type || !Fits(tensor.Shape, node.Dimensions))
            {
                yield return node.IsTensor
                    ? $"{what} \"{tensor.Name}\" is {Described(node)}, not {tensor}"
                    : $"{what} \"{tensor.Name}\" is not a tensor";
            }
        }

        // A model may have outputs that nobody wants, but each of its inputs has to be fed.
        foreach (var name in actual.Keys.Where(name => all && declared.All(tensor => tensor.Name != name)))
        {
            yield return $"{what} \"{name}\" is missing from model.json";
        }
    }

    private static string Described(NodeMetadata node) => OrtTensors.TypeOf(node.ElementDataType) is { } type
        ? new TensorSpec("", type, [.. node.Dimensions.Select(static d => d < 1 ? -1 : d)]).ToString()
        : $"of {node.ElementDataType}, which no manifest can name";

    // Where either side leaves a dimension open, it fits.
    private static bool Fits(IReadOnlyList<int> declared, int[] actual) =>
        declared.Count == actual.Length && declared.Zip(actual).All(pair => pair.First == pair.Second || pair.First == -1 || pair.Second < 1);
}
