using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>
/// "speech-segments": from one speech probability a window to the stretches of speech, in milliseconds. Pauses shorter
/// than the least silence don't part a stretch; stretches shorter than the least speech are left out.
/// </summary>
internal sealed class SpeechSegments(string output, int sampleRate, int window, float threshold, int minSpeechMs, int minSilenceMs) : IPostprocessor
{
    public ModelAnswer Write(IReadOnlyDictionary<string, ModelTensor> outputs, AnswerContext context)
    {
        var probabilities = OutputJson.Finite(output, outputs[output].ToFloats());
        var segments = Find(probabilities);
        var json = OutputJson.Write(context.MaxBytes, writer =>
        {
            writer.WriteNumber("duration_ms", Milliseconds(probabilities.Length));
            writer.WriteStartArray("segments");
            foreach (var (start, end) in segments)
            {
                writer.WriteStartObject();
                writer.WriteNumber("end_ms", end);
                writer.WriteNumber("start_ms", start);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("speech_ms", segments.Sum(segment => segment.End - segment.Start));
        });
        return new ModelAnswer(json, Confidence: null);
    }

    private List<(long Start, long End)> Find(float[] probabilities)
    {
        var segments = new List<(long Start, long End)>();
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] < threshold)
            {
                continue;
            }

            var (start, end) = (Milliseconds(i), Milliseconds(i + 1));
            if (segments.Count > 0 && start - segments[^1].End < minSilenceMs + (start == segments[^1].End ? 1 : 0))
            {
                segments[^1] = (segments[^1].Start, end);
            }
            else
            {
                segments.Add((start, end));
            }
        }

        segments.RemoveAll(segment => segment.End - segment.Start < minSpeechMs);
        return segments;
    }

    private long Milliseconds(int windows) => 1000L * windows * window / sampleRate;
}
