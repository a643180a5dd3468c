using System.Text.Json;
using Microsoft.ML.OnnxRuntime.Tensors;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>The runner kinds and their parameters.</summary>
internal static class ModelRunners
{
    public static IModelRunner? Read(ManifestReader reader, ModelTensors tensors)
    {
        var kind = reader.Choice("kind", null, "single", "windowed");
        var constants = ReadConstants(reader, tensors);
        IModelRunner? made = kind switch
        {
            "single" => new SingleRunner(tensors, constants),
            "windowed" => ReadWindowed(reader, tensors, constants),
            _ => null,
        };
        if (made is not null)
        {
            reader.End();
        }

        return made;
    }

    private static Dictionary<string, ModelTensor> ReadConstants(ManifestReader reader, ModelTensors tensors)
    {
        var constants = new Dictionary<string, ModelTensor>(StringComparer.Ordinal);
        if (reader.Object("constants", optional: true) is not { } inner)
        {
            return constants;
        }

        foreach (var (name, value) in inner.Members())
        {
            var input = tensors.Inputs.FirstOrDefault(candidate => candidate.Name == name);
            var number = 0.0;
            var fits = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number)
                && (input?.Type == TensorElementType.Float || (number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue));
            if (input is null || !fits)
            {
                inner.Problem(name, input is null ? "is not among the model's inputs" : $"write the one number that fills {input}");
                continue;
            }

            constants.Add(name, input.Filled(number));
        }

        return constants;
    }

    private static WindowedRunner ReadWindowed(ManifestReader reader, ModelTensors tensors, Dictionary<string, ModelTensor> constants)
    {
        var input = Named(reader, "input", tensors.Inputs);
        var output = Named(reader, "output", tensors.Outputs);
        var window = reader.Integer("window", 1, 1 << 24);
        var context = reader.Integer("context", 0, 1 << 24, otherwise: 0);
        if (input is not null && (input.Type != TensorElementType.Float || input.SmallestCount != window + context))
        {
            reader.Problem("input", $"\"{input.Name}\" is {input}; a float32 input of context + window = {context + window} numbers is needed");
        }

        if (output is not null && output.Type != TensorElementType.Float)
        {
            reader.Problem("output", $"\"{output.Name}\" is {output}; a float32 output is needed");
        }

        var states = reader.Has("state") ? reader.Objects("state", most: 16).Select(item => ReadState(item, tensors)).ToList() : [];
        _ = reader.Items("state", most: 16, least: 0);
        var nothing = new TensorSpec("", TensorElementType.Float, []);
        return new WindowedRunner(input ?? nothing, output ?? nothing, window, context, states, constants);
    }

    private static StateLink ReadState(ManifestReader reader, ModelTensors tensors)
    {
        var input = Named(reader, "input", tensors.Inputs);
        var output = Named(reader, "output", tensors.Outputs);
        if (input is not null && output is not null
            && (input.Type != TensorElementType.Float || output.Type != TensorElementType.Float || !input.SmallestShape.SequenceEqual(output.SmallestShape)))
        {
            reader.Problem("output", $"is {output} and its input {input}; a state is float32 of one shape on both sides");
        }

        reader.End();
        return new StateLink(input ?? new TensorSpec("", TensorElementType.Float, []), output?.Name ?? "");
    }

    private static TensorSpec? Named(ManifestReader reader, string key, IReadOnlyList<TensorSpec> tensors)
    {
        var name = reader.Text(key);
        var found = tensors.FirstOrDefault(tensor => tensor.Name == name);
        if (name.Length > 0 && found is null)
        {
            reader.Problem(key, $"\"{name}\" is not among the model's {key}s");
        }

        return found;
    }
}
