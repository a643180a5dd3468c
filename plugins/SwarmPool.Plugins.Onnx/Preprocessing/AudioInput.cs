using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Audio;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>"audio": a recording at the model's rate, one channel, as samples from -1 to 1 or as features made of them.</summary>
internal sealed class AudioInput(TensorSpec input, int rate, int maxSeconds, LogMel? features) : IPreprocessor
{
    public IReadOnlyList<string> Feeds { get; } = [input.Name];

    public static AudioInput Make(IStepParameters reader)
    {
        var rate = reader.Integer("sample_rate", 1_000, 384_000);
        var seconds = reader.Integer("max_seconds", 1, 7_200, otherwise: 600);
        var features = reader.Object("features", optional: true) is { } inner ? LogMel.Read(inner, rate) : null;
        var input = reader.Input("input", types: TensorType.Float32) ?? new TensorSpec("", TensorType.Float32, [1, -1]);
        int[] wanted = features is null ? [1, -1]
            : features.IsTimeFirst ? [1, Open(features.Frames), features.Mels]
            : [1, features.Mels, Open(features.Frames)];
        if (input.Name.Length > 0 && (input.Shape.Count != wanted.Length || !input.Shape.Zip(wanted).All(static pair => pair.First == -1 || pair.Second == -1 || pair.First == pair.Second)))
        {
            reader.Problem("input", $"\"{input.Name}\" is {input}; this step makes {new TensorSpec("", TensorType.Float32, wanted)}");
        }

        return new AudioInput(input, rate, seconds, features);
    }

    public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var (samples, from) = WavFile.Read(bytes.Span, maxSeconds);
        if (samples.LongLength * rate / from > int.MaxValue / 8)
        {
            throw new InferenceException("The recording is too long at the model's rate. Send a part of it.");
        }

        samples = RateConverter.Convert(samples, from, rate, cancellationToken);
        if (samples.Length > features?.MostSamples)
        {
            throw new InferenceException(FormattableString.Invariant($"The recording lasts {(double)samples.Length / rate:F2} s; the model takes at most {(double)features.MostSamples / rate:F2} s. Send a part of it."));
        }

        if (features is { Frames: 0 } && features.FramesOf(samples.Length) > (1 << 28) / features.Mels)
        {
            throw new InferenceException("The recording has too many frames. Send a part of it.");
        }

        var tensor = features?.Of(samples, cancellationToken) ?? new ModelTensor([1, samples.Length], samples);
        return input.Shape.Count == 0 || input.Allows(tensor.Shape)
            ? new PreparedInput(new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [input.Name] = tensor })
            : throw new InferenceException($"The recording makes [{string.Join(',', tensor.Shape)}]; the model takes {input}. Send one of the length that it takes.");
    }

    private static int Open(int frames) => frames > 0 ? frames : -1;
}
