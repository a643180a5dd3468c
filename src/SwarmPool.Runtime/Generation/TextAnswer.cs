using System.Buffers;
using System.Text.Json;
using SwarmPool.Inference;
using SwarmPool.Protocol.Json;

namespace SwarmPool.Runtime.Generation;

/// <summary>The output of a text job, in canonical JSON: <c>{"finish":"stop","ids":[5,2],"text":"…","usage":{"input_tokens":3,"output_tokens":2}}</c>.</summary>
internal static class TextAnswer
{
    public static ReadOnlyMemory<byte> Write(string finish, IReadOnlyList<int> tokens, string text, InferenceUsage usage)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteString("finish", finish);
            json.WriteStartArray("ids");
            foreach (var token in tokens)
            {
                json.WriteNumberValue(token);
            }

            json.WriteEndArray();
            json.WriteString("text", text);
            json.WriteStartObject("usage");
            json.WriteNumber("input_tokens", usage.InputTokens);
            json.WriteNumber("output_tokens", usage.OutputTokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return CanonicalJson.TryCanonicalize(written.WrittenSpan, out var canonical, out var refusal)
            ? canonical
            : throw new InvalidOperationException($"An answer could not be written: {refusal}");
    }
}
