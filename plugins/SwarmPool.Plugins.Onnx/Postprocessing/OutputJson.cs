using System.Text.Encodings.Web;
using System.Text.Json;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Postprocessing;

/// <summary>
/// Writes JSON whose bytes are canonical by RFC 8785, given that keys are written in ordinal order, are printable ASCII (model.json's texts are
/// checked for that), and that texts from elsewhere are written by <see cref="Text"/>, so that equal answers have equal CIDs.
/// </summary>
internal static class OutputJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="InferenceException">It has more bytes than allowed.</exception>
    public static ReadOnlyMemory<byte> Write(int mostBytes, Action<Utf8JsonWriter> write)
    {
        var target = new BoundedBuffer(mostBytes);
        using (var json = new Utf8JsonWriter(target, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return target.Written;
    }

    /// <summary>Hands on what has been written, so that the bound is met while there is more to come.</summary>
    public static void FlushLarge(Utf8JsonWriter json)
    {
        if (json.BytesPending > 64 * 1024)
        {
            json.Flush();
        }
    }

    /// <summary>Any text, escaped as RFC 8785 has it: the writer itself would escape more.</summary>
    public static void Text(Utf8JsonWriter json, string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            json.WriteStringValue(text);
            return;
        }

        json.WriteRawValue(AnswerText.Quote(text), skipInputValidation: true);
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
