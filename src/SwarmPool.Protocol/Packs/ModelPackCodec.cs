using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;

namespace SwarmPool.Protocol.Packs;

/// <summary>A pack as bytes: canonical JSON (RFC 8785), so that one pack has one CID.</summary>
/// <remarks>Pure; thread-safe. docs/models.md has the format; <see cref="Schema"/> has it for machines.</remarks>
public static class ModelPackCodec
{
    /// <summary>The value of <c>type</c>.</summary>
    public const string PackType = "model_pack";

    /// <summary>The value of <c>version</c>.</summary>
    public const string PackVersion = "1.0.0";

    /// <summary>The most bytes of a manifest: 2 MiB.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    private static readonly Lazy<string> SchemaText = new(ReadSchema);

    /// <summary>
    /// The format as a JSON schema (2020-12). What no schema can say the parser asks for beside it: the canonical form, the order of the files, that no two
    /// paths collide, that parts name files of the pack, and the inner form of CIDs, amounts and licences.
    /// </summary>
    public static string Schema => SchemaText.Value;

    /// <summary>Reads a pack strictly.</summary>
    /// <param name="manifest">A stranger's bytes.</param>
    /// <param name="pack">The pack.</param>
    /// <param name="refusals">
    /// All that is wrong, the first hundred told: SP2403 too many bytes; what <see cref="CanonicalJson.TryCanonicalize"/> says; SP2013 not canonical; SP2008
    /// another type; SP2010 another version; SP2011 a field; SP5201 a path that leads out of the folder; SP5202 paths that collide; SP5203 too many files
    /// or bytes.
    /// </param>
    public static bool TryDecode(ReadOnlyMemory<byte> manifest, [NotNullWhen(true)] out ModelPack? pack, out IReadOnlyList<Refusal> refusals)
    {
        var problems = new PackProblems();
        pack = Decode(manifest, problems);
        refusals = problems.All();
        return pack is not null;
    }

    /// <summary>The canonical bytes of a pack.</summary>
    /// <param name="pack">The pack; its files are put in order.</param>
    /// <exception cref="ArgumentException">It does not keep to the format; the message says all that is wrong.</exception>
    public static byte[] Encode(ModelPack pack)
    {
        ArgumentNullException.ThrowIfNull(pack);
        var bytes = PackWriter.Write(pack);
        return TryDecode(bytes, out _, out var refusals) ? bytes : throw new ArgumentException(string.Join(' ', refusals), nameof(pack));
    }

    private static ModelPack? Decode(ReadOnlyMemory<byte> manifest, PackProblems problems)
    {
        if (manifest.Length > MaxBytes)
        {
            problems.Add(ErrorCodes.ContentTooLarge, $"The manifest has {manifest.Length} bytes; one has at most {MaxBytes}.");
            return null;
        }

        if (!CanonicalJson.TryCanonicalize(manifest.Span, out var canonical, out var refusal))
        {
            problems.Add(refusal.Code, refusal.Reason);
            return null;
        }

        if (!canonical.AsSpan().SequenceEqual(manifest.Span))
        {
            problems.Add(ErrorCodes.NotCanonical, "The manifest is not in canonical form (RFC 8785): another program wrote it.");
            return null;
        }

        try
        {
            using var document = TextFile.ParseJson(canonical);
            return Read(document.RootElement, problems);
        }
        catch (JsonException wrong)
        {
            problems.Add(ErrorCodes.BadUtf8, $"The manifest is no text: {wrong.Message}.");
            return null;
        }
    }

    private static ModelPack? Read(JsonElement root, PackProblems problems)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add(ErrorCodes.NotJson, "The manifest is not a JSON object.");
            return null;
        }

        var reader = new PackReader(root, "$", problems);
        if (!Is(reader, root, "type", PackType))
        {
            problems.Add(ErrorCodes.UnknownType, $"$.type: a pack has \"{PackType}\" there: this is something else.");
            return null;
        }

        if (!Is(reader, root, "version", PackVersion))
        {
            problems.Add(ErrorCodes.UnknownVersion, $"$.version: this program knows {PackVersion} alone.");
            return null;
        }

        return PackParser.Read(reader, problems);
    }

    private static bool Is(PackReader reader, JsonElement root, string key, string value) =>
        reader.KindOf(key) == JsonValueKind.String && root.GetProperty(key).ValueEquals(value);

    private static string ReadSchema()
    {
        using var resource = typeof(ModelPackCodec).Assembly.GetManifestResourceStream("model-pack.schema.json")
            ?? throw new InvalidOperationException("The schema is not in the assembly.");
        var bytes = new ArrayBufferWriter<byte>((int)resource.Length);
        resource.ReadExactly(bytes.GetSpan((int)resource.Length)[..(int)resource.Length]);
        bytes.Advance((int)resource.Length);
        return TextFile.Decode(bytes.WrittenSpan);
    }
}
