using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>
/// Writes JSON whose bytes are canonical by RFC 8785, given that keys are written in ordinal order and all text is
/// printable ASCII (model.json's texts are checked for that), so that equal answers have equal CIDs.
/// </summary>
internal static class OutputJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var target = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(target, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return target.WrittenSpan.ToArray();
    }

    /// <summary>The values of an output, each of them finite.</summary>
    public static float[] Finite(string output, float[] values)
    {
        var wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        return wrong < 0
            ? values
            : throw new InferenceException(FormattableString.Invariant($"The model gave {values[wrong]} at place {wrong} of output \"{output}\", which is not a number. The input or the model is wrong."));
    }
}
