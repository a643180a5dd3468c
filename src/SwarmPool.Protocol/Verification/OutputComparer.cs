using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SwarmPool.Files;

namespace SwarmPool.Protocol.Verification;

/// <summary>
/// Whether two outputs are within a model's tolerance, by the forms that this framework's backends write: JSON of labels, boxes, vectors,
/// tensors, segments or texts; safetensors; plain text; vectors of raw float32. Whatever else has to be the same in every byte.
/// </summary>
/// <remarks>
/// Pure; thread-safe; symmetric. Takes any bytes and throws nothing for them. Time and memory are in proportion to the outputs, but for boxes,
/// of which it compares each with each, and takes 1,000 at most.
/// </remarks>
internal static class OutputComparer
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static OutputMeasures Compare(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other, OutputTolerance tolerance)
    {
        var measures = new OutputMeasures();
        if (!one.Span.SequenceEqual(other.Span))
        {
            Compare(one, other, tolerance, measures);
        }

        return measures;
    }

    /// <summary>Why an output is of no form that can be compared; null when it is of one.</summary>
    public static string? Problem(ReadOnlyMemory<byte> output)
    {
        if (output.IsEmpty)
        {
            return "the output is empty";
        }

        if (LooksLikeJson(output.Span))
        {
            using var document = Parse(output);
            return document is null ? "the output begins as JSON, and is none" : JsonNumbers.Problem(document.RootElement);
        }

        return SafeTensorsView.IsOne(output.Span) ? SafeTensorsView.Read(output, out _) : null;
    }

    private static bool Compare(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other, OutputTolerance tolerance, OutputMeasures measures)
    {
        if (SafeTensorsView.IsOne(one.Span) && SafeTensorsView.IsOne(other.Span))
        {
            return SafeTensorsView.Compare(one, other, tolerance, measures);
        }

        using var left = Parse(one);
        using var right = Parse(other);
        if (left is not null && right is not null)
        {
            return JsonOutputs.Compare(left.RootElement, right.RootElement, tolerance, measures);
        }

        if (left is not null || right is not null)
        {
            return measures.Differ("one of them is JSON and the other isn't");
        }

        if (Utf8.IsValid(one.Span) && Utf8.IsValid(other.Span))
        {
            return TextForms.AreSame(Encoding.UTF8.GetString(one.Span), Encoding.UTF8.GetString(other.Span), tolerance.Text) || measures.Differ("the texts differ");
        }

        // What an "embedding" of form "raw" is.
        return tolerance.Cosine is not null && one.Length == other.Length && one.Length % sizeof(float) == 0
            ? Vectors.Compare(Vectors.OfFloats(one.Span), Vectors.OfFloats(other.Span), tolerance, measures, "the vector")
            : measures.Differ("the bytes differ");
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> output) => output.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    private static JsonDocument? Parse(ReadOnlyMemory<byte> output)
    {
        if (!LooksLikeJson(output.Span))
        {
            return null;
        }

        try
        {
            return TextFile.ParseJson(output, Strict);
        }
        catch (JsonException)
        {
            return null; // Then it is a text, or nothing: which the caller finds out.
        }
    }
}
