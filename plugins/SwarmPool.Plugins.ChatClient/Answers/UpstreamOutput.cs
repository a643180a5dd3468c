using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Answers;

/// <summary>
/// Writes an output as canonical JSON (RFC 8785), so that equal answers have equal CIDs: keys in ordinal order, numbers whole, and texts as
/// section 3.2.2.2 has them.
/// </summary>
internal static class UpstreamOutput
{
    public static byte[] Chat(string finish, string text, AnswerCounts counts) => Write(json =>
    {
        json.WriteString("finish", finish);
        json.WritePropertyName("text");
        json.WriteRawValue(Quote(text));
        WriteUsage(json, counts);
    });

    /// <summary>As other backends write tensors: the shortest decimal strings that read back to the same value.</summary>
    public static byte[] Embeddings(IReadOnlyList<ReadOnlyMemory<float>> vectors, AnswerCounts counts) => Write(json =>
    {
        json.WriteStartObject("outputs");
        json.WriteStartObject("embeddings");
        json.WriteStartArray("data");
        foreach (var vector in vectors)
        {
            foreach (var value in vector.Span)
            {
                json.WriteStringValue(value.ToString("R", CultureInfo.InvariantCulture));
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("shape");
        json.WriteNumberValue(vectors.Count);
        json.WriteNumberValue(vectors[0].Length);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        WriteUsage(json, counts);
    });

    // Tokens only where they were counted here: what a server says of itself is in no output.
    private static void WriteUsage(Utf8JsonWriter json, AnswerCounts counts)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_bytes", counts.InputBytes);
        if (counts.InputTokens is { } input)
        {
            json.WriteNumber("input_tokens", input);
        }

        if (counts.OutputBytes is { } bytes)
        {
            json.WriteNumber("output_bytes", bytes);
        }

        if (counts.OutputTokens is { } output)
        {
            json.WriteNumber("output_tokens", output);
        }

        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var target = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(target))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return target.WrittenSpan.ToArray();
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\t' => quoted.Append("\\t"),
                '\n' => quoted.Append("\\n"),
                '\f' => quoted.Append("\\f"),
                '\r' => quoted.Append("\\r"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }
}

/// <summary>What went in and out, as counted here.</summary>
/// <param name="InputBytes">Bytes of the texts that the job has, in UTF-8.</param>
/// <param name="InputTokens">Their tokens, without what a template adds; null without a tokenizer.</param>
/// <param name="OutputBytes">Bytes of the text that came; null for embeddings.</param>
/// <param name="OutputTokens">Its tokens; null without a tokenizer, and for embeddings.</param>
internal sealed record AnswerCounts(long InputBytes, long? InputTokens, long? OutputBytes, long? OutputTokens)
{
    /// <summary>What people pay by; null without a tokenizer.</summary>
    public InferenceUsage? Usage => InputTokens is { } input ? new InferenceUsage { InputTokens = input, OutputTokens = OutputTokens ?? 0 } : null;
}
