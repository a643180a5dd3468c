using System.Text.Json;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>The runner kinds and their parameters.</summary>
internal static class ModelRunners
{
    public static IModelRunner? Read(ManifestReader reader, ModelTensors tensors)
    {
        var kind = reader.Choice("kind", null, "single", "windowed", "encoder-decoder");
        var constants = ReadConstants(reader, tensors);
        IModelRunner? made = kind switch
        {
            "single" => new SingleRunner(tensors, constants, ReadBatch(reader, tensors, constants)),
            "windowed" => ReadWindowed(reader, tensors, constants),
            "encoder-decoder" => new EncoderDecoderRunner(tensors, constants, DecoderPlanReader.Read(reader, tensors)),
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
            var fits = input is not null && input.Type != TensorType.String && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && Fits(input.Type, number);
            if (input is null || !fits)
            {
                inner.Problem(name, input is null ? "is not among the model's inputs" : $"write the one number that fills {input}");
                continue;
            }

            constants.Add(name, OrtTensors.Filled(input, number));
        }

        return constants;
    }

    // Only the manifest knows that an open first dimension is one of things that have nothing to do with each other.
    private static bool ReadBatch(ManifestReader reader, ModelTensors tensors, Dictionary<string, ModelTensor> constants)
    {
        var batches = reader.Flag("batch", otherwise: false);
        foreach (var tensor in batches ? tensors.Inputs.Where(input => !constants.ContainsKey(input.Name)).Concat(tensors.Outputs) : [])
        {
            if (tensor.Shape.Count == 0 || tensor.Shape[0] != -1)
            {
                reader.Problem("batch", $"\"{tensor.Name}\" is {tensor}; in a batch the first dimension of each is open");
            }
        }

        foreach (var constant in batches ? tensors.Inputs.Where(input => constants.ContainsKey(input.Name) && input.Shape.Contains(-1)) : [])
        {
            reader.Problem("batch", $"the constant \"{constant.Name}\" is {constant}; in a batch a constant has no open dimension");
        }

        return batches;
    }

    private static bool Fits(TensorType type, double number)
    {
        var whole = number == Math.Truncate(number);
        return type switch
        {
            TensorType.Float32 or TensorType.Float64 or TensorType.BFloat16 => true,
            TensorType.Float16 => Math.Abs(number) <= 65504,
            TensorType.Bool => number is 0 or 1,
            TensorType.Int8 => whole && number is >= sbyte.MinValue and <= sbyte.MaxValue,
            TensorType.UInt8 => whole && number is >= 0 and <= byte.MaxValue,
            TensorType.Int16 => whole && number is >= short.MinValue and <= short.MaxValue,
            TensorType.UInt16 => whole && number is >= 0 and <= ushort.MaxValue,
            TensorType.UInt32 or TensorType.UInt64 => whole && number is >= 0 and <= int.MaxValue,
            _ => whole && Math.Abs(number) <= int.MaxValue,
        };
    }

    private static WindowedRunner ReadWindowed(ManifestReader reader, ModelTensors tensors, Dictionary<string, ModelTensor> constants)
    {
        var input = Named(reader, "input", tensors.Inputs);
        var output = Named(reader, "output", tensors.Outputs);
        var window = reader.Integer("window", 1, 1 << 24);
        var context = reader.Integer("context", 0, 1 << 24, otherwise: 0);
        if (input is not null && (input.Type != TensorType.Float32 || input.SmallestCount != window + context))
        {
            reader.Problem("input", $"\"{input.Name}\" is {input}; a float32 input of context + window = {context + window} numbers is needed");
        }

        if (output is not null && output.Type != TensorType.Float32)
        {
            reader.Problem("output", $"\"{output.Name}\" is {output}; a float32 output is needed");
        }

        var states = reader.Has("state") ? reader.Objects("state", most: 16).Select(item => ReadState(item, tensors)).ToList() : [];
        _ = reader.Items("state", most: 16, least: 0);
        var nothing = new TensorSpec("", TensorType.Float32, []);
        return new WindowedRunner(input ?? nothing, output ?? nothing, window, context, states, constants);
    }

    private static StateLink ReadState(ManifestReader reader, ModelTensors tensors)
    {
        var input = Named(reader, "input", tensors.Inputs);
        var output = Named(reader, "output", tensors.Outputs);
        if (input is not null && output is not null
            && (input.Type != TensorType.Float32 || output.Type != TensorType.Float32 || !input.SmallestShape.SequenceEqual(output.SmallestShape)))
        {
            reader.Problem("output", $"is {output} and its input {input}; a state is float32 of one shape on both sides");
        }

        reader.End();
        return new StateLink(input ?? new TensorSpec("", TensorType.Float32, []), output?.Name ?? "");
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
