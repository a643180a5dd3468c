using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class TensorJsonTests
{
    [Fact]
    public async Task NumbersGoInAndComeOutAsDecimalStrings()
    {
        using var models = RawDigits();
        await using var backend = Backends.Over(models.Folder);
        var numbers = Input(Enumerable.Repeat("0.25", 256));
        var strings = Input(Enumerable.Repeat("\"2.5e-1\"", 256));
        var result = await backend.RunDigitsAsync(numbers);
        Assert.Null(result.Confidence);
        Assert.Equal(result.Text(), (await backend.RunDigitsAsync(strings)).Text());

        var logits = JsonNode.Parse(result.Text())!["outputs"]!["logits"]!;
        Assert.Equal("[1,10]", logits["shape"]!.ToJsonString());
        Assert.Equal(10, logits["data"]!.AsArray().Count);
        Assert.All(logits["data"]!.AsArray(), value =>
            Assert.Equal(value!.GetValue<string>(), float.Parse(value.GetValue<string>(), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("""{"inputs":"\ud800"}""", "half a character")]
    [InlineData("""{"\ud800":{}}""", "half a character")]
    [InlineData("""{"inputs":{"image":{"shape":[1,1,16,16],"data":["\ud800"]}}}""", "half a character")]
    [InlineData("""{"inputs":{"image":{"shape":[1,1,16,16],"data":["1\u0000"]}}}""", "NUL")]
    [InlineData("""{"inputs":{}}""", "needs exactly image")]
    [InlineData("""{"inputs":{"image":{"shape":[1,1,16,16],"data":[]}}}""", "the 256 numbers")]
    [InlineData("""{"inputs":{"image":{"shape":[1,1,16,15],"data":[]}}}""", "does not fit float32[n,1,16,16]")]
    [InlineData("""{"inputs":{"image":{"shape":[0,1,16,16],"data":[]}}}""", "does not fit")]
    [InlineData("""{"inputs":{"image":{"shape":[268435456,1,16,16],"data":[]}}}""", "does not fit")]
    [InlineData("""{"inputs":{"image":{"shape":[1,1,16,16],"data":[],"more":1}}}""", "needs exactly shape, data")]
    public async Task WrongFormIsRefused(string input, string expected)
    {
        using var models = RawDigits();
        await using var backend = Backends.Over(models.Folder);
        Assert.Contains(expected, await backend.RefusalAsync(Encoding.UTF8.GetBytes(input)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BytesThatAreNoUtf8AreRefusedAndAMarkIsPassedOver()
    {
        using var models = RawDigits();
        await using var backend = Backends.Over(models.Folder);
        var input = Input(Enumerable.Repeat("1", 256));
        Assert.Contains("not UTF-8", await backend.RefusalAsync([.. input, 0xFF]), StringComparison.Ordinal);
        Assert.Contains("not UTF-8", await backend.RefusalAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")]), StringComparison.Ordinal);
        Assert.Equal((await backend.RunDigitsAsync(input)).Text(), (await backend.RunDigitsAsync([.. Encoding.UTF8.GetPreamble(), .. input])).Text());
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("\"NaN\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("\"1,000\"")]
    public async Task WrongNumberIsRefusedByItsPlace(string number)
    {
        using var models = RawDigits();
        await using var backend = Backends.Over(models.Folder);
        var input = Input(Enumerable.Repeat("0", 255).Append(number));
        Assert.Contains("number 255 of input \"image\"", await backend.RefusalAsync(input), StringComparison.Ordinal);
    }

    private static byte[] Input(IEnumerable<string> numbers) =>
        Encoding.UTF8.GetBytes("""{"inputs":{"image":{"shape":[1,1,16,16],"data":[""" + string.Join(',', numbers) + "]}}}");

    private static TempModels RawDigits() => new TempModels().AddDigits("raw", manifest =>
    {
        manifest["preprocess"] = new JsonObject { ["kind"] = "tensor-json" };
        manifest["postprocess"] = new JsonObject { ["kind"] = "tensor-json" };
    });
}
