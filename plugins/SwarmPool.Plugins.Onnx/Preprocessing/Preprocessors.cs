using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Steps;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>The pre-processing kinds and their parameters.</summary>
internal static class Preprocessors
{
    public static IReadOnlyList<IPreprocessorKind> Kinds { get; } =
    [
        new PreprocessorKind("audio", AudioInput.Make),
        new PreprocessorKind("image", PictureInput.Make),
        new PreprocessorKind("png-gray", ReadPngGray),
        new PreprocessorKind("safetensors", ReadSafeTensors),
        new PreprocessorKind("tensor-json", ReadTensorJson),
        new PreprocessorKind("text", TextInput.Make),
        new PreprocessorKind("wav-mono16", ReadWavMono16),
    ];

    private static PngGray ReadPngGray(IStepParameters reader)
    {
        var width = reader.Integer("width", 1, 4096);
        var height = reader.Integer("height", 1, 4096);
        var exact = reader.Choice("resize", "area", "area", "exact") == "exact";
        var invert = reader.Flag("invert", otherwise: false);
        var input = reader.Input("input", types: TensorType.Float32);
        if (input is not null && input.SmallestCount != (long)width * height)
        {
            reader.Problem("input", $"\"{input.Name}\" is {input}, which does not hold width × height = {width} × {height} numbers");
        }

        return new PngGray(input ?? new TensorSpec("", TensorType.Float32, []), width, height, exact, invert);
    }

    private static TensorJson ReadTensorJson(IStepParameters reader) => new(NamedInputs(reader));

    private static SafeTensorsInput ReadSafeTensors(IStepParameters reader)
    {
        var inputs = NamedInputs(reader);
        foreach (var input in inputs.Where(static input => input.Type == TensorType.String))
        {
            reader.Problem("inputs", $"\"{input.Name}\" is {input}, and texts have no raw form; take tensor-json");
        }

        return new SafeTensorsInput(inputs);
    }

    private static WavMono16 ReadWavMono16(IStepParameters reader) => new(
        reader.Input("input", types: TensorType.Float32)?.Name ?? "",
        reader.Integer("sample_rate", 1_000, 384_000));

    private static IReadOnlyList<TensorSpec> NamedInputs(IStepParameters reader)
    {
        var names = reader.Has("inputs") ? reader.Texts("inputs", most: 64) : [.. reader.Inputs.Select(static input => input.Name)];
        foreach (var name in names.Where(name => reader.Inputs.All(input => input.Name != name)))
        {
            reader.Problem("inputs", $"\"{name}\" is not among the model's inputs");
        }

        return [.. reader.Inputs.Where(input => names.Contains(input.Name, StringComparer.Ordinal))];
    }
}
