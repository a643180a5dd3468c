using System.Text.Json.Nodes;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Tests;

public sealed class ModelFolderTests
{
    private static readonly byte[] Whole = new GgufWriter().Write();

    [Fact]
    public async Task A_folder_that_is_missing_or_empty_says_what_to_do()
    {
        using var models = new TinyModels();
        Assert.Contains("there is no model folder", await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
        Assert.Contains("does not exist. Create it", await DescribeFailureAsync(Path.Combine(models.Folder, "nowhere")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_hash_is_refused_and_so_is_one_exchanged_later()
    {
        using var models = new TinyModels().Add(bytes: Whole);
        var file = Path.Combine(models.Folder, "tiny", "tiny.gguf");
        await using (var backend = Backends.Over(models.Folder))
        {
            await backend.DescribeAsync(default);
            File.WriteAllBytes(file, [.. Whole[..^1], 1]);
            var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.LoadAsync("tiny", default));
            Assert.Contains("has changed since it was checked", refused.Message, StringComparison.Ordinal);
        }

        Assert.Contains("tiny/tiny.gguf: its SHA-256 is", await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("tiny/tiny.gguf: is missing", await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
    }

    /// <summary>Whatever is cut off, the file is refused as data, before native code sees it.</summary>
    [Fact]
    public async Task A_file_that_ends_too_early_is_refused_wherever_that_is()
    {
        foreach (var length in new[] { 0, 3, 4, 20, 24, 60, 400, 1_500, 3_000, 5_000, Whole.Length / 2, Whole.Length - 33 })
        {
            using var models = new TinyModels().Add(bytes: Whole[..length]);
            var why = await DescribeFailureAsync(models.Folder);
            Assert.Contains("tiny/tiny.gguf: ", why, StringComparison.Ordinal);
            Assert.Contains("fetch it again", why, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, Func<byte[]>> Liars => new()
    {
        { "it is no GGUF file", static () => [.. "PK\u0003\u0004"u8, .. Whole[4..]] },
        { "it is GGUF version 9", static () => With(Whole, 4, 9) },
        { "it says that it has 18446744073709551615 tensors", static () => With(Whole, 8, ulong.MaxValue) },
        { "it says that it has 1125899906842624 entries", static () => With(Whole, 16, 1UL << 50) },
        { "a name in it has 18446744073709551615 bytes", static () => With(Whole, 24, ulong.MaxValue) },
        { "tensor \"output.weight\" ends beyond the file", static () => new GgufWriter { Lie = ("output.weight", 1UL << 40) }.Write() },
        { "tensor \"output.weight\" ends beyond the file", static () => new GgufWriter { Lie = ("output.weight", ulong.MaxValue - 31) }.Write() },
        { "tensor \"output.weight\" lies at 17, which isn't aligned", static () => new GgufWriter { Lie = ("output.weight", 17) }.Write() },
    };

    [Theory]
    [MemberData(nameof(Liars), DisableDiscoveryEnumeration = true)]
    public async Task A_file_that_lies_about_its_sizes_is_refused(string expected, Func<byte[]> file)
    {
        using var models = new TinyModels().Add(bytes: file());
        Assert.Contains(expected, await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
    }

    /// <summary>What looks whole and is not what llama.cpp takes: it says so itself, and the process lives.</summary>
    [Fact]
    public async Task A_file_that_llama_cpp_does_not_take_is_refused_with_its_words()
    {
        var bytes = Whole.ToArray();
        var at = bytes.AsSpan().IndexOf("blk.1.ffn_down.weight"u8);
        bytes[at] = (byte)'x';
        using var models = new TinyModels().Add(bytes: bytes);
        await using var backend = Backends.Over(models.Folder);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.LoadAsync("tiny", default));
        Assert.Contains("llama.cpp can't load", refused.Message, StringComparison.Ordinal);
        Assert.Contains("blk.1.ffn_down.weight", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_problems_of_all_folders_are_told_at_once()
    {
        using var models = new TinyModels();
        models.Add("first", Whole, static manifest =>
        {
            manifest["name"] = "no spaces";
            manifest["sha256"] = "12";
            manifest["colour"] = "red";
            manifest["context"] = 8;
            manifest["job_types"] = new JsonArray("text-generation", "image-classification");
        });
        models.Add("second", Whole, static manifest => manifest["file"] = "../tiny.gguf");
        models.Add("third", Whole, static manifest => manifest["context"] = 512);
        models.Add("same-a", Whole, static manifest => manifest["name"] = "same").Add("same-b", Whole, static manifest => manifest["name"] = "same");
        Directory.CreateDirectory(Path.Combine(models.Folder, "fourth"));
        var message = await DescribeFailureAsync(models.Folder);
        string[] expected =
        [
            "first/model.json: $.name: write only", "first/model.json: $.sha256: write 64", "first/model.json: $.colour: there is no such key",
            "first/model.json: $.context: write a whole number from 16", "first/model.json: $.job_types: write a list of",
            "second/model.json: $.file: write the bare name", "third/model.json: $.context: tiny.gguf was made for 256 tokens",
            "same-b/model.json: $.name: \"same\" is the name of", "fourth/model.json: is missing",
        ];
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private static byte[] With(byte[] file, int at, ulong value)
    {
        var changed = file.ToArray();
        BitConverter.GetBytes(value).AsSpan(0, at == 4 ? 4 : 8).CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static async Task<string> DescribeFailureAsync(string models)
    {
        await using var backend = Backends.Over(models);
        return (await Assert.ThrowsAsync<InferenceException>(async () => await backend.DescribeAsync(default))).Message;
    }
}
