using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Packs;

/// <summary>
/// The shipped schema and the parser say the same of packs that are spoilt in every place, but for what no schema can say; and that is a list.
/// </summary>
public sealed class PackSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(ModelPackCodec.Schema);

    /// <summary>What is put in the place of every value of a pack, and beside its keys.</summary>
    private static readonly string[] Others =
    [
        "7", "-1", "0", "1099511627776", "1099511627777", "true", "\"\"", "\"x\"", "\"exact\"", "\"0.5\"", "\"0.0000001\"", "\"1.\"", "\"00.5\"", "\"MIT\"", "\"model_pack\"", "\"1.0.0\"",
        "\"Q4\"", "\"two words\"", "\"a/b\"", "\"/a\"", "\"../a\"", "\"a//b\"", "\".a\"", "\"-a\"", "\"a.\"", "\"con\"", "\"a/LPT1.txt\"", "\"caf\u00e9\"", "\"A:B\"", "[]", "[7]", "[{}]", "{}", "{\"x\":1}",
        $"\"{Cid.OfBlock("y"u8)}\"", $"\"{new string('a', 64)}\"", $"\"{new string('A', 64)}\"", $"\"{new string('a', 65)}\"", $"\"{new string('a', 101)}\"", $"\"{new string('b', 129)}\"",
    ];

    [Fact]
    public void It_says_the_same_of_every_change_of_every_place()
    {
        var (changes, taken) = (0, 0);
        foreach (var pack in new[] { PackExamples.Whole, PackExamples.Bare })
        {
            foreach (var place in Places(PackExamples.Tree(pack)))
            {
                foreach (var change in Changes(place))
                {
                    var manifest = PackExamples.Changed(pack, change.Make);
                    var (byParser, bySchema) = (ModelPackCodec.TryDecode(manifest, out _, out var refusals), Evaluate(manifest));
                    Assert.True(
                        byParser == bySchema || (bySchema && refusals.All(static refusal => IsBeyondSchemas(refusal.Code, refusal.Reason))),
                        $"{place} {change.What}: the parser {(byParser ? "takes" : "refuses")} it, the schema does not. {string.Join(' ', refusals)}");
                    (changes, taken) = (changes + 1, taken + (byParser ? 1 : 0));
                }
            }
        }

        Assert.InRange(changes, 2000, int.MaxValue);
        Assert.InRange(taken, 100, changes / 2);
    }

    [Fact]
    public void It_takes_the_examples()
    {
        Assert.True(Evaluate(ModelPackCodec.Encode(PackExamples.Whole)));
        Assert.True(Evaluate(ModelPackCodec.Encode(PackExamples.Bare)));
        Assert.False(Evaluate("{}"u8.ToArray()));
    }

    /// <summary>A file of the repository, so that docs can name it.</summary>
    [Fact]
    public void It_is_JSON_of_2020_12()
    {
        using var document = JsonDocument.Parse(ModelPackCodec.Schema);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", document.RootElement.GetProperty("$schema").GetString());
    }

    // The order and the collisions of paths, what names a file, sums, and the inner form of a CID, an amount or a licence.
    private static bool IsBeyondSchemas(string code, string reason) => code is "SP5202" or "SP5203"
        || reason.Contains("stand in the order of their paths", StringComparison.Ordinal)
        || reason.Contains("the pack has no file", StringComparison.Ordinal)
        || reason.Contains("write a CIDv1", StringComparison.Ordinal)
        || reason.Contains("write an SPDX expression", StringComparison.Ordinal)
        || reason.Contains("write an amount of USDC", StringComparison.Ordinal);

    private static bool Evaluate(byte[] manifest)
    {
        using var document = JsonDocument.Parse(manifest);
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    private static IEnumerable<(string What, Action<JsonObject> Make)> Changes(string place)
    {
        yield return ("left out", tree => Remove(At(tree, place)!));
        foreach (var other in Others)
        {
            yield return ($"= {other}", tree => At(tree, place)!.ReplaceWith(JsonNode.Parse(other)));
        }

        yield return ("with a key beside it", tree =>
        {
            if (At(tree, place)!.Parent is JsonObject parent)
            {
                parent["unknown"] = 1;
            }
        }
        );
    }

    private static void Remove(JsonNode node)
    {
        switch (node.Parent)
        {
            case JsonObject parent:
                parent.Remove(node.GetPropertyName());
                break;
            case JsonArray list:
                list.Remove(node);
                break;
        }
    }

    private static List<string> Places(JsonNode tree) => tree switch
    {
        JsonObject inner => [.. inner.SelectMany(member => Places(member.Value!).Prepend("").Select(below => $"/{member.Key}{below}")).Distinct(StringComparer.Ordinal)],
        JsonArray list => [.. list.SelectMany((item, i) => Places(item!).Prepend("").Select(below => $"/{i}{below}")).Distinct(StringComparer.Ordinal)],
        _ => [],
    };

    private static JsonNode? At(JsonNode tree, string place) => place.Split('/').Skip(1).Aggregate(
        (JsonNode?)tree, static (node, step) => node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node![step]);
}
