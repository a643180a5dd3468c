using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Steps;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>The post-processing kinds and their parameters.</summary>
internal static class Postprocessors
{
    /// <summary>What scores may be.</summary>
    public static ReadOnlySpan<TensorType> Floats => new[] { TensorType.Float32, TensorType.Float16, TensorType.BFloat16, TensorType.Float64 };

    public static IReadOnlyList<IPostprocessorKind> Kinds { get; } =
    [
        new PostprocessorKind("ctc-text", static reader => (IPostprocessor?)CtcText.Read(reader) ?? new RawTensors()),
        new PostprocessorKind("detections", Detections.Make),
        new PostprocessorKind("embedding", Embedding.Make),
        new PostprocessorKind("png", PictureOutput.Make),
        new PostprocessorKind("safetensors", SafeTensorsOutput.Make),
        new PostprocessorKind("softmax-argmax", ReadSoftmaxArgmax),
        new PostprocessorKind("speech-segments", ReadSpeechSegments),
        new PostprocessorKind("tensor-json", static _ => new RawTensors()),
        new PostprocessorKind("text", TextOutput.Make),
        new PostprocessorKind("token-text", TokenText.Make),
        new PostprocessorKind("top-k", TopLabels.Make),
    ];

    private static SoftmaxArgmax ReadSoftmaxArgmax(IStepParameters reader)
    {
        var labels = reader.Texts("labels", most: 100_000);
        var output = reader.Output("output", types: Floats);
        if (output is not null && output.SmallestCount != labels.Count)
        {
            reader.Problem("labels", $"there are {labels.Count} for output \"{output.Name}\", which is {output}; write one for each score");
        }

        return new SoftmaxArgmax(output?.Name ?? "", labels);
    }

    private static SpeechSegments ReadSpeechSegments(IStepParameters reader) => new(
        reader.Output("output", types: TensorType.Float32)?.Name ?? "",
        reader.Integer("sample_rate", 1_000, 384_000),
        reader.Integer("window", 1, 1 << 24),
        (float)reader.Number("threshold", 0.01, 0.99, otherwise: 0.5),
        reader.Integer("min_speech_ms", 0, 60_000, otherwise: 250),
        reader.Integer("min_silence_ms", 0, 60_000, otherwise: 100));
}
