using System.Buffers;
using System.Text.Json;
using SwarmPool.Protocol.Json;
using SwarmPool.Settlement;

namespace SwarmPool.Protocol.Packs;

/// <summary>Writes a pack's canonical form; nothing is checked.</summary>
internal static class PackWriter
{
    public static byte[] Write(ModelPack pack)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", ModelPackCodec.PackType);
            writer.WriteString("version", ModelPackCodec.PackVersion);
            writer.WriteString("name", pack.Name);
            WriteFiles(writer, pack.Files);
            Text(writer, "tokenizer", pack.Tokenizer);
            Text(writer, "chat_template", pack.ChatTemplate);
            Text(writer, "quantization", pack.Quantization);
            WriteClass(writer, pack.NumericClass);
            WriteTolerance(writer, pack.Tolerance);
            WriteGoldenVectors(writer, pack.GoldenVectors);
            Text(writer, "license", pack.License);
            WritePrices(writer, pack.Prices);
            writer.WriteEndObject();
        }

        return CanonicalJson.TryCanonicalize(buffer.WrittenSpan, out var canonical, out var refusal)
            ? canonical
            : throw new ArgumentException(refusal.ToString(), nameof(pack));
    }

    /// <summary>The member <c>files</c>, in the order of the paths.</summary>
    public static void WriteFiles(Utf8JsonWriter writer, IReadOnlyList<PackFile> files)
    {
        writer.WriteStartArray("files");
        foreach (var file in files.OrderBy(static file => file.Path, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("path", file.Path);
            writer.WriteString("cid", file.Cid.ToString());
            writer.WriteNumber("size", file.Size);
            writer.WriteString("sha256", file.Sha256);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteClass(Utf8JsonWriter writer, PackClass? numericClass)
    {
        if (numericClass is not null)
        {
            writer.WriteStartObject("numeric_class");
            Text(writer, "model_sha256", numericClass.ModelSha256);
            Text(writer, "runtime", numericClass.Runtime);
            Text(writer, "device", numericClass.Device);
            Text(writer, "precision", numericClass.Precision);
            writer.WriteEndObject();
        }
    }

    private static void WriteTolerance(Utf8JsonWriter writer, PackTolerance? tolerance)
    {
        if (tolerance is { IsExact: true })
        {
            writer.WriteString("tolerance", "exact");
        }
        else if (tolerance is not null)
        {
            writer.WriteStartObject("tolerance");
            Text(writer, "absolute", tolerance.Absolute);
            Text(writer, "relative", tolerance.Relative);
            if (tolerance.Top is { } top)
            {
                writer.WriteNumber("top", top);
            }

            Text(writer, "cosine", tolerance.Cosine);
            Text(writer, "overlap", tolerance.Overlap);
            Text(writer, "text", tolerance.Text);
            writer.WriteEndObject();
        }
    }

    private static void WriteGoldenVectors(Utf8JsonWriter writer, IReadOnlyList<GoldenVector> vectors)
    {
        if (vectors.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("golden_vectors");
        foreach (var vector in vectors)
        {
            writer.WriteStartObject();
            writer.WriteString("job_type", vector.JobType);
            writer.WriteString("input", vector.Input);
            writer.WriteString("output", vector.Output);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePrices(Utf8JsonWriter writer, PriceHints? prices)
    {
        if (prices is not null)
        {
            writer.WriteStartObject("price_hints");
            Price(writer, "per_job", prices.PerJob);
            Price(writer, "per_second", prices.PerSecond);
            Price(writer, "per_picture", prices.PerPicture);
            Price(writer, "per_million_input_tokens", prices.PerMillionInputTokens);
            Price(writer, "per_million_output_tokens", prices.PerMillionOutputTokens);
            writer.WriteEndObject();
        }
    }

    private static void Price(Utf8JsonWriter writer, string key, Usdc? price) => Text(writer, key, price?.ToString());

    private static void Text(Utf8JsonWriter writer, string key, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(key, text);
        }
    }
}
