using System.Text;
using System.Text.Json;

namespace SwarmPool.Plugins.ChatClient.Inputs;

/// <summary>What a job for embeddings asks for.</summary>
/// <param name="Texts">The texts; at least one, none empty.</param>
internal sealed record EmbeddingInput(IReadOnlyList<string> Texts)
{
    /// <summary>The bytes of all texts, in UTF-8.</summary>
    public long Bytes => Texts.Sum(static text => (long)Encoding.UTF8.GetByteCount(text));

    /// <exception cref="Inference.InferenceException">SP5121: it is no such input; the message says all that is wrong.</exception>
    public static EmbeddingInput Read(ReadOnlyMemory<byte> input, int most) => InputReader.Read(input, "{\"input\":[\"…\"]}", reader =>
    {
        var given = reader.List("input", most);
        if (given.Any(static one => one.ValueKind != JsonValueKind.String || one.GetString()!.Length == 0))
        {
            reader.Problem("input: write texts, none of them empty");
            return new EmbeddingInput([]);
        }

        return new EmbeddingInput([.. given.Select(static one => one.GetString()!)]);
    });
}
