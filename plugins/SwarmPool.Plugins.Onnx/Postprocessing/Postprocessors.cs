using Microsoft.ML.OnnxRuntime.Tensors;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>The post-processing kinds and their parameters.</summary>
internal static class Postprocessors
{
    public static IPostprocessor? Read(ManifestReader reader, ModelTensors tensors)
    {
        IPostprocessor? made = reader.Choice("kind", null, "softmax-argmax", "tensor-json", "speech-segments") switch
        {
            "softmax-argmax" => ReadSoftmaxArgmax(reader, tensors),
            "tensor-json" => new RawTensors(),
            "speech-segments" => new SpeechSegments(
                Output(reader, tensors)?.Name ?? "",
                reader.Integer("sample_rate", 1_000, 384_000),
                reader.Integer("window", 1, 1 << 24),
                (float)reader.Number("threshold", 0.01, 0.99, otherwise: 0.5),
                reader.Integer("min_speech_ms", 0, 60_000, otherwise: 250),
                reader.Integer("min_silence_ms", 0, 60_000, otherwise: 100)),
            _ => null,
        };
        if (made is not null)
        {
            reader.End();
        }

        return made;
    }

    private static SoftmaxArgmax ReadSoftmaxArgmax(ManifestReader reader, ModelTensors tensors)
    {
        var labels = reader.Texts("labels", most: 100_000);
        var output = Output(reader, tensors);
        if (output is not null && output.SmallestCount != labels.Count)
        {
            reader.Problem("labels", $"there are {labels.Count} for output \"{output.Name}\", which is {output}; write one for each score");
        }

        return new SoftmaxArgmax(output?.Name ?? "", labels);
    }

    private static TensorSpec? Output(ManifestReader reader, ModelTensors tensors)
    {
        var name = reader.Text("output");
        var output = tensors.Outputs.FirstOrDefault(candidate => candidate.Name == name);
        if (name.Length > 0 && output?.Type != TensorElementType.Float)
        {
            reader.Problem("output", output is null ? $"\"{name}\" is not among the model's outputs" : $"\"{name}\" is {output}; a float32 output is needed");
        }

        return output;
    }
}
