using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Packs;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Support;

/// <summary>Packs to read, and ways to spoil them.</summary>
internal static class PackExamples
{
    /// <summary>With every part that a pack can have.</summary>
    public static ModelPack Whole { get; } = new()
    {
        Name = "tiny-llama:1b/q4",
        Files = [File("golden/sum.json", 30), File("golden/sum.txt", 12), File("model.json", 900), File("template.jinja", 410), File("tokenizer.json", 2_000_000), File("weights.gguf", 3_000_000_000)],
        Tokenizer = "tokenizer.json",
        ChatTemplate = "template.jinja",
        Quantization = "Q4_K_M",
        NumericClass = new PackClass(Digest("weights"), "llama.cpp/b6000", "cpu", "q4"),
        Tolerance = new PackTolerance("0.02", null),
        GoldenVectors = [new GoldenVector("text-generation", "golden/sum.txt", "golden/sum.json")],
        License = "Apache-2.0 OR (MIT AND LicenseRef-own)",
        Prices = new PriceHints(null, Usdc.Parse("0.0001"), null, Usdc.Parse("0.15"), Usdc.Parse("0.6")),
    };

    /// <summary>With nothing that is optional.</summary>
    public static ModelPack Bare { get; } = new() { Name = "digits-16", Files = [File("digits.onnx", 31_000)] };

    public static PackFile File(string path, long size) => new(path, Cid.OfBlock(Encoding.UTF8.GetBytes(path)), size, Digest(path));

    public static JsonObject Tree(ModelPack pack) => JsonNode.Parse(ModelPackCodec.Encode(pack))!.AsObject();

    /// <summary>A pack, changed, in canonical form.</summary>
    public static byte[] Changed(ModelPack pack, Action<JsonObject> change)
    {
        var tree = Tree(pack);
        change(tree);
        return Canonical(tree);
    }

    public static byte[] Canonical(JsonNode tree)
    {
        Assert.True(CanonicalJson.TryCanonicalize(JsonSerializer.SerializeToUtf8Bytes(tree), out var bytes, out var refusal), refusal?.ToString());
        return bytes;
    }

    /// <summary>The codes of all that is wrong; none when it is read.</summary>
    public static IReadOnlyList<string> Codes(byte[] manifest)
    {
        var read = ModelPackCodec.TryDecode(manifest, out var pack, out var refusals);
        Assert.Equal(read, pack is not null);
        Assert.Equal(read, refusals.Count == 0);
        Assert.All(refusals, refusal => Assert.True(refusal.Reason.Length is > 10 and < 600 && refusal.Reason.EndsWith('.'), refusal.Reason));
        return [.. refusals.Select(static refusal => refusal.Code)];
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
