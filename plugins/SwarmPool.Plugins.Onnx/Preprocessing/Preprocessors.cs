using Microsoft.ML.OnnxRuntime.Tensors;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>The pre-processing kinds and their parameters.</summary>
internal static class Preprocessors
{
    public static IPreprocessor? Read(ManifestReader reader, ModelTensors tensors)
    {
        IPreprocessor? made = reader.Choice("kind", null, "png-gray", "tensor-json", "wav-mono16") switch
        {
            "png-gray" => ReadPngGray(reader, tensors),
            "tensor-json" => ReadTensorJson(reader, tensors),
            "wav-mono16" => ReadWavMono16(reader, tensors),
            _ => null,
        };
        if (made is not null)
        {
            reader.End();
        }

        return made;
    }

    private static PngGray ReadPngGray(ManifestReader reader, ModelTensors tensors)
    {
        var width = reader.Integer("width", 1, 4096);
        var height = reader.Integer("height", 1, 4096);
        var exact = reader.Choice("resize", "area", "area", "exact") == "exact";
        var invert = reader.Flag("invert", otherwise: false);
        var input = FloatInput(reader, tensors);
        if (input is not null && input.SmallestCount != (long)width * height)
        {
            reader.Problem("input", $"\"{input.Name}\" is {input}, which does not hold width × height = {width} × {height} numbers");
        }

        return new PngGray(input ?? new TensorSpec("", TensorElementType.Float, []), width, height, exact, invert);
    }

    private static TensorJson ReadTensorJson(ManifestReader reader, ModelTensors tensors)
    {
        var names = reader.Has("inputs") ? reader.Texts("inputs", most: 64) : [.. tensors.Inputs.Select(input => input.Name)];
        _ = reader.Items("inputs", most: 64, least: 0);
        foreach (var name in names.Where(name => tensors.Inputs.All(input => input.Name != name)))
        {
            reader.Problem("inputs", $"\"{name}\" is not among the model's inputs");
        }

        return new TensorJson([.. tensors.Inputs.Where(input => names.Contains(input.Name, StringComparer.Ordinal))]);
    }

    private static WavMono16 ReadWavMono16(ManifestReader reader, ModelTensors tensors) => new(
        FloatInput(reader, tensors)?.Name ?? "",
        reader.Integer("sample_rate", 1_000, 384_000));

    private static TensorSpec? FloatInput(ManifestReader reader, ModelTensors tensors)
    {
        var name = reader.Text("input");
        var input = tensors.Inputs.FirstOrDefault(candidate => candidate.Name == name);
        if (name.Length > 0 && input?.Type != TensorElementType.Float)
        {
            reader.Problem("input", input is null ? $"\"{name}\" is not among the model's inputs" : $"\"{name}\" is {input}; a float32 input is needed");
        }

        return input;
    }
}
