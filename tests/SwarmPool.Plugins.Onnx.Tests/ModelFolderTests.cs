using System.Text.Json.Nodes;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class ModelFolderTests
{
    [Fact]
    public async Task MissingFolderSaysWhatToDo()
    {
        Assert.Contains("does not exist. Create it", await DescribeFailureAsync(Path.Combine(Places.Models, "nowhere")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderWithoutModelsIsRefused()
    {
        using var models = new TempModels();
        Assert.Contains("no model folder", await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherFileThanModelJsonSaysIsRefused()
    {
        using var models = new TempModels();
        models.AddDigits("digits");
        File.AppendAllText(Path.Combine(models.Folder, "digits", "digits.onnx"), "x");
        var message = await DescribeFailureAsync(models.Folder);
        Assert.Contains("digits/digits.onnx: its SHA-256 is", message, StringComparison.Ordinal);
        Assert.Contains("fetch the right file", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileExchangedAfterTheCheckIsNotLoaded()
    {
        using var models = new TempModels();
        models.AddDigits("digits");
        await using var backend = Backends.Over(models.Folder);
        await backend.DescribeAsync(default);
        File.AppendAllText(Path.Combine(models.Folder, "digits", "digits.onnx"), "x");
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.LoadAsync(Backends.Digits, default));
        Assert.Contains("has changed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllProblemsOfAllFoldersAreToldAtOnce()
    {
        using var models = new TempModels();
        models.AddDigits("first", manifest =>
        {
            manifest["name"] = "no spaces";
            manifest["sha256"] = "12";
            manifest["colour"] = "red";
            manifest["preprocess"]!["width"] = 0;
            manifest["preprocess"]!["kind"] = "png-gray";
            manifest["postprocess"]!["labels"] = new JsonArray("a", "b");
            manifest["runner"]!["kind"] = "often";
        });
        models.AddDigits("second", manifest =>
        {
            manifest.Remove("outputs");
            manifest["file"] = "../digits.onnx";
            manifest["inputs"]![0]!["shape"]![1] = -4;
            manifest["job_types"] = new JsonArray("Upper Case");
        });
        models.AddDigits("third", manifest => manifest["runner"] = 5);
        Directory.CreateDirectory(Path.Combine(models.Folder, "fourth"));
        var message = await DescribeFailureAsync(models.Folder);
        string[] expected =
        [
            "first/model.json: $.name: write only", "first/model.json: $.sha256: write 64", "first/model.json: $.colour: there is no such key",
            "first/model.json: $.preprocess.width: write a whole number from 1 to 4096, not 0",
            "first/model.json: $.postprocess.labels: there are 2", "first/model.json: $.runner.kind: write one of single, windowed, encoder-decoder, not \"often\"",
            "second/model.json: $.outputs: is missing", "second/model.json: $.file: write the bare name",
            "second/model.json: $.inputs[0].shape[1]: write a whole number", "second/model.json: $.job_types: write at most 64",
            "third/model.json: $.runner: write an object", "fourth/model.json: is missing",
        ];
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ManifestThatDoesNotFitItsFileIsRefused()
    {
        using var models = new TempModels();
        models.AddDigits("digits", manifest =>
        {
            manifest["inputs"]![0]!["name"] = "picture";
            manifest["preprocess"]!["input"] = "picture";
            manifest["outputs"]![0]!["type"] = "int64";
            manifest["postprocess"] = new JsonObject { ["kind"] = "tensor-json" };
        });
        await using var backend = Backends.Over(models.Folder);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.LoadAsync(Backends.Digits, default));
        Assert.Contains("there is no input \"picture\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("input \"image\" is missing from model.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains("output \"logits\" is float32[n,10], not int64[n,10]", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoModelsOfOneNameAreRefused()
    {
        using var models = new TempModels();
        models.AddDigits("a").AddDigits("b");
        Assert.Contains("give each model its own", await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("[]", "write an object")]
    [InlineData("""{"name":"a","name":"b"}""", "is not JSON")]
    [InlineData("""{"inputs":[5],"outputs":[{"name":"y","type":"float64","shape":["n"]}],"preprocess":{"kind":"tensor-json"},"runner":{"kind":"single"},"postprocess":{"kind":"tensor-json"}}""", "$.inputs[0]: write an object")]
    [InlineData("""{"inputs":[{"name":"x","type":"float32","shape":[268435456,268435456,268435456]}],"runner":{"kind":"single","constants":{"x":1}}}""", "$.inputs[0].shape: a tensor has at most")]
    public async Task BrokenModelJsonIsToldAsSuch(string json, string expected)
    {
        using var models = new TempModels();
        models.AddDigits("digits");
        File.WriteAllText(Path.Combine(models.Folder, "digits", "model.json"), json);
        Assert.Contains(expected, await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\ud800", "half a character")]
    [InlineData("\\u0000", "NUL")]
    [InlineData("\u0000", "0x00")]
    public async Task AModelJsonThatIsNoTextIsToldAsSuch(string inName, string expected)
    {
        using var models = new TempModels();
        models.AddDigits("digits");
        var file = Path.Combine(models.Folder, "digits", "model.json");
        var good = File.ReadAllText(file);
        File.WriteAllText(file, good.Replace("digits-16", "digits" + inName, StringComparison.Ordinal));
        Assert.Contains(expected, await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
        File.WriteAllBytes(file, [.. System.Text.Encoding.UTF8.GetBytes(good), 0xFF]);
        Assert.Contains("not UTF-8", await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);
        File.WriteAllText(file, good, System.Text.Encoding.Unicode);
        Assert.Contains("not UTF-8", await DescribeFailureAsync(models.Folder), StringComparison.Ordinal);

        // A mark that an editor put there changes nothing.
        File.WriteAllText(file, good, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await using var backend = Backends.Over(models.Folder);
        Assert.Single((await backend.DescribeAsync(default)).Models);
    }

    private static async Task<string> DescribeFailureAsync(string models)
    {
        await using var backend = Backends.Over(models);
        return (await Assert.ThrowsAsync<InferenceException>(async () => await backend.DescribeAsync(default))).Message;
    }
}
