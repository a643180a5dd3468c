using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Packs;

/// <summary>One pack has one form, and whatever has another is refused, by name, all at once.</summary>
public sealed class ModelPackCodecTests
{
    [Fact]
    public void A_pack_is_read_as_it_was_written()
    {
        foreach (var pack in new[] { PackExamples.Whole, PackExamples.Bare })
        {
            var bytes = ModelPackCodec.Encode(pack);
            Assert.True(ModelPackCodec.TryDecode(bytes, out var read, out _));
            Assert.Equal(bytes, ModelPackCodec.Encode(read));
            Assert.Equal(pack.Files, read.Files);
            Assert.Equal((pack.Tolerance, pack.NumericClass, pack.Prices, pack.License), (read.Tolerance, read.NumericClass, read.Prices, read.License));
        }
    }

    [Fact]
    public void The_smallest_pack_has_these_bytes_and_this_CID()
    {
        var bytes = ModelPackCodec.Encode(PackExamples.Bare);
        Assert.Equal(
            $$"""{"files":[{"cid":"{{PackExamples.Bare.Files[0].Cid}}","path":"digits.onnx","sha256":"{{PackExamples.Bare.Files[0].Sha256}}","size":31000}],"name":"digits-16","type":"model_pack","version":"1.0.0"}""",
            Encoding.UTF8.GetString(bytes));
        Assert.Equal(ContentAddress.Of(bytes), ContentAddress.Of(ModelPackCodec.Encode(PackExamples.Bare with { GoldenVectors = [] })));
    }

    [Fact]
    public void Files_are_written_in_the_order_of_their_paths() => Assert.Equal(
        ModelPackCodec.Encode(PackExamples.Whole), ModelPackCodec.Encode(PackExamples.Whole with { Files = [.. PackExamples.Whole.Files.Reverse()] }));

    [Fact]
    public void What_can_not_be_read_is_not_written() =>
        Assert.Contains("SP5201", Assert.Throws<ArgumentException>(() => ModelPackCodec.Encode(PackExamples.Bare with { Files = [PackExamples.File("../x", 1)] })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../weights.gguf", ErrorCodes.PackPathUnsafe)]
    [InlineData("a/../../weights.gguf", ErrorCodes.PackPathUnsafe)]
    [InlineData("..", ErrorCodes.PackPathUnsafe)]
    [InlineData(".", ErrorCodes.PackPathUnsafe)]
    [InlineData("./a", ErrorCodes.PackPathUnsafe)]
    [InlineData("/etc/passwd", ErrorCodes.PackPathUnsafe)]
    [InlineData("C:/windows", ErrorCodes.PackPathUnsafe)]
    [InlineData("C:x", ErrorCodes.PackPathUnsafe)]
    [InlineData(@"\\host\share", ErrorCodes.PackPathUnsafe)]
    [InlineData(@"a\..\b", ErrorCodes.PackPathUnsafe)]
    [InlineData("a//b", ErrorCodes.PackPathUnsafe)]
    [InlineData("a/", ErrorCodes.PackPathUnsafe)]
    [InlineData(".ssh/authorized_keys", ErrorCodes.PackPathUnsafe)]
    [InlineData("-rf", ErrorCodes.PackPathUnsafe)]
    [InlineData("a.", ErrorCodes.PackPathUnsafe)]
    [InlineData("a b", ErrorCodes.PackPathUnsafe)]
    [InlineData("a:stream", ErrorCodes.PackPathUnsafe)]
    [InlineData("nul", ErrorCodes.PackPathUnsafe)]
    [InlineData("a/CoM1.txt", ErrorCodes.PackPathUnsafe)]
    [InlineData("1/2/3/4/5/6/7/8/9", ErrorCodes.PackPathUnsafe)]
    [InlineData("caf\u00e9", ErrorCodes.BadField)]
    [InlineData("", ErrorCodes.BadField)]
    [InlineData("console.txt", null)]
    [InlineData("a/b+c@d=e_f-g.h", null)]
    [InlineData("1/2/3/4/5/6/7/8", null)]
    public void A_path_stays_in_its_folder_on_every_system(string path, string? code)
    {
        var manifest = PackExamples.Changed(PackExamples.Bare, tree => tree["files"]![0]!["path"] = path);
        Assert.Equal(code is null ? [] : [code], PackExamples.Codes(manifest));
    }

    [Fact]
    public void A_long_path_is_refused() => Assert.Equal(
        [ErrorCodes.PackPathUnsafe, ErrorCodes.PackPathUnsafe],
        PackExamples.Codes(PackExamples.Canonical(Manifest($"{new string('a', 101)}", $"{new string('b', 99)}/{new string('b', 99)}/cc"))));

    [Theory]
    [InlineData(ErrorCodes.PackPathTaken, "a", "a")]
    [InlineData(ErrorCodes.PackPathTaken, "A", "a")]
    [InlineData(ErrorCodes.PackPathTaken, "A/x", "a/y")]
    [InlineData(ErrorCodes.PackPathTaken, "a", "a/b")]
    [InlineData(ErrorCodes.PackPathTaken, "a/B/c", "a/b")]
    [InlineData(ErrorCodes.BadField, "b", "a")]
    [InlineData(null, "a/b", "a/c")]
    public void Two_paths_do_not_collide_on_any_system(string? code, string first, string second) =>
        Assert.Equal(code is null ? [] : [code], PackExamples.Codes(PackExamples.Canonical(Manifest(first, second))));

    [Theory]
    [InlineData("type", "\"job\"", ErrorCodes.UnknownType)]
    [InlineData("version", "\"2.0.0\"", ErrorCodes.UnknownVersion)]
    [InlineData("version", "1", ErrorCodes.UnknownVersion)]
    [InlineData("name", "\"two words\"", ErrorCodes.BadField)]
    [InlineData("name", "7", ErrorCodes.BadField)]
    [InlineData("files", "[]", ErrorCodes.BadField)]
    [InlineData("files", "{}", ErrorCodes.BadField)]
    [InlineData("files", "[7]", ErrorCodes.BadField)]
    [InlineData("tokenizer", "\"missing.json\"", ErrorCodes.BadField)]
    [InlineData("chat_template", "\"missing.jinja\"", ErrorCodes.BadField)]
    [InlineData("quantization", "\"\"", ErrorCodes.BadField)]
    [InlineData("tolerance", "\"about\"", ErrorCodes.BadField)]
    [InlineData("tolerance", "{}", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"absolute":"-1"}""", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"absolute":"1e9"}""", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"top":0}""", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"top":1001}""", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"cosine":"2.1"}""", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"overlap":"1.1"}""", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"text":"about"}""", ErrorCodes.BadField)]
    [InlineData("tolerance", """{"absolut":"0.1"}""", ErrorCodes.BadField)]
    [InlineData("numeric_class", """{"model_sha256":"ab"}""", ErrorCodes.BadField)]
    [InlineData("numeric_class", """{"gpu":"x"}""", ErrorCodes.BadField)]
    [InlineData("golden_vectors", """[{"input":"digits.onnx","job_type":"x","output":"missing"}]""", ErrorCodes.BadField)]
    [InlineData("golden_vectors", """[]""", ErrorCodes.BadField)]
    [InlineData("license", "\"MIT AND\"", ErrorCodes.BadField)]
    [InlineData("license", "\"MIT Apache-2.0\"", ErrorCodes.BadField)]
    [InlineData("license", "\"(MIT\"", ErrorCodes.BadField)]
    [InlineData("license", "\"((((((((((MIT))))))))))\"", ErrorCodes.BadField)]
    [InlineData("license", "\"MIT WITH\"", ErrorCodes.BadField)]
    [InlineData("license", "\"LicenseRef-a:LicenseRef-b\"", ErrorCodes.BadField)]
    [InlineData("license", "\"GPL-2.0-or-later WITH Classpath-exception-2.0\"", null)]
    [InlineData("license", "\"(LGPL-2.1-only OR MIT) AND GPL-1.0+\"", null)]
    [InlineData("license", "\"DocumentRef-x:LicenseRef-y\"", null)]
    [InlineData("price_hints", """{"per_job":"0.0000001"}""", ErrorCodes.BadField)]
    [InlineData("price_hints", """{"per_job":"-1"}""", ErrorCodes.BadField)]
    [InlineData("price_hints", """{"per_kilo":"1"}""", ErrorCodes.BadField)]
    [InlineData("tolerance", "\"exact\"", null)]
    [InlineData("tolerance", """{"absolute":"0.0001","cosine":"0.0001","overlap":"0.9","relative":"0.001","text":"spaces","top":5}""", null)]
    [InlineData("notes", "\"x\"", ErrorCodes.BadField)]
    public void A_part_that_is_wrong_is_named(string key, string value, string? code)
    {
        var manifest = PackExamples.Changed(PackExamples.Bare, tree => tree[key] = JsonNode.Parse(value));
        Assert.Equal(code is null ? [] : [code], PackExamples.Codes(manifest).Distinct());
        if (code == ErrorCodes.BadField)
        {
            ModelPackCodec.TryDecode(manifest, out _, out var refusals);
            Assert.All(refusals, refusal => Assert.StartsWith($"$.{key}", refusal.Reason, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("size", "-1")]
    [InlineData("size", "1099511627777")]
    [InlineData("size", "\"1\"")]
    [InlineData("sha256", "\"ABCD\"")]
    [InlineData("cid", "\"bafkqaaa\"")]
    [InlineData("mode", "\"0777\"")]
    [InlineData("link", "\"/etc/passwd\"")]
    public void A_file_that_is_wrong_is_named(string key, string value) =>
        Assert.Equal([ErrorCodes.BadField], PackExamples.Codes(PackExamples.Changed(PackExamples.Bare, tree => tree["files"]![0]![key] = JsonNode.Parse(value))));

    [Theory]
    [InlineData("nonsense", ErrorCodes.NotJson)]
    [InlineData("[]", ErrorCodes.NotJson)]
    [InlineData("""{"type":"model_pack","type":"x"}""", ErrorCodes.DuplicateKey)]
    [InlineData("""{"type": "model_pack"}""", ErrorCodes.NotCanonical)]
    [InlineData("""{"b":1,"a":2}""", ErrorCodes.NotCanonical)]
    [InlineData("""{"a":null}""", ErrorCodes.NullValue)]
    [InlineData("""{"a":0.5}""", ErrorCodes.Fraction)]
    [InlineData("""{"a":"\ud800"}""", ErrorCodes.BadUtf8)]
    [InlineData("""{"a":"\u0000"}""", ErrorCodes.BadUtf8)]
    [InlineData("""{}""", ErrorCodes.UnknownType)]
    public void Bytes_that_are_no_pack_are_refused(string text, string code) => Assert.Equal([code], PackExamples.Codes(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var manifest = PackExamples.Changed(PackExamples.Whole, tree =>
        {
            tree["name"] = "";
            tree["license"] = "?";
            tree["extra"] = true;
            tree["files"]![0]!["path"] = "../../x";
            tree["files"]![1]!["sha256"] = "00";
        });
        Assert.Equal(
            ["$.extra", "$.files[0].path", "$.files[1].sha256", "$.golden_vectors[0].input", "$.golden_vectors[0].output", "$.license", "$.name"],
            Reasons(manifest).Select(static reason => reason.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_million_problems_are_told_in_a_hundred_lines()
    {
        var manifest = PackExamples.Changed(PackExamples.Bare, tree =>
        {
            for (var i = 0; i < 3000; i++)
            {
                tree[$"k{i}"] = 1;
            }
        });
        var reasons = Reasons(manifest);
        Assert.Equal(101, reasons.Count);
        Assert.Contains("2900 more problems", reasons[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pack_has_so_many_files_and_no_more()
    {
        static JsonObject Of(int count) => Manifest([.. Enumerable.Range(0, count).Select(static i => $"f{i:D7}")]);

        Assert.Empty(PackExamples.Codes(PackExamples.Canonical(Of(4096))));
        Assert.Equal([ErrorCodes.PackTooLarge], PackExamples.Codes(PackExamples.Canonical(Of(4097))));
    }

    [Fact]
    public void A_million_files_are_refused_by_their_size_alone()
    {
        var manifest = Encoding.UTF8.GetBytes("""{"files":[""" + string.Join(',', Enumerable.Repeat("{}", 1_000_000)) + "]}");
        Assert.Equal([ErrorCodes.ContentTooLarge], PackExamples.Codes(manifest));
    }

    [Fact]
    public void A_pack_has_a_terabyte_and_no_more()
    {
        static byte[] Of(long first, long second) => PackExamples.Changed(PackExamples.Whole, tree => (tree["files"]![0]!["size"], tree["files"]![1]!["size"]) = (first, second));

        Assert.Equal([ErrorCodes.PackTooLarge], PackExamples.Codes(Of(1L << 40, 1)));
        Assert.Empty(PackExamples.Codes(Of(1L << 39, 1)));
    }

    [Fact]
    public void A_proof_s_model_is_a_file_s_hash_or_the_one_that_the_pack_states()
    {
        Assert.True(PackExamples.Bare.HasModel(PackExamples.Bare.Files[0].Sha256));
        Assert.False(PackExamples.Bare.HasModel(new string('0', 64)));
        Assert.True(PackExamples.Whole.HasModel(PackExamples.Whole.NumericClass!.ModelSha256!));
        Assert.False(PackExamples.Whole.HasModel(PackExamples.Whole.Files[0].Sha256));
    }

    private static List<string> Reasons(byte[] manifest)
    {
        Assert.False(ModelPackCodec.TryDecode(manifest, out _, out var refusals));
        return [.. refusals.Select(static refusal => refusal.Reason)];
    }

    private static JsonObject Manifest(params string[] paths)
    {
        var tree = PackExamples.Tree(PackExamples.Bare);
        tree["files"] = new JsonArray([.. paths.Select(static path =>
        {
            var file = PackExamples.Tree(PackExamples.Bare)["files"]![0]!.DeepClone();
            file["path"] = path;
            return file;
        })]);
        return tree;
    }
}
