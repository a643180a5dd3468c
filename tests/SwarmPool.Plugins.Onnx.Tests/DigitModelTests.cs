using System.Security.Cryptography;
using SwarmPool.Tools.Digits;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class DigitModelTests
{
    [Fact]
    public void TrainedAgainItIsTheCommittedModelBitForBit()
    {
        var folder = Path.Combine(Places.Models, "digits");
        var model = DigitModel.Train();
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, DigitModel.FileName)))),
            Convert.ToHexStringLower(SHA256.HashData(model.Onnx)));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "model.json")), model.Manifest);
        Assert.True(model.Onnx.Length < 100_000, $"{model.Onnx.Length} bytes");
        Assert.True(model.HeldOutRight >= 0.98 * model.HeldOutCount, $"only {model.HeldOutRight} of {model.HeldOutCount} held-out pictures right");
    }

    [Fact]
    public async Task ExampleInTheReadmeRunsIt()
    {
        var readme = File.ReadAllText(Path.Combine(Places.Root, "plugins", "SwarmPool.Plugins.Onnx", "README.md"));
        using var models = new TempModels().AddDigits("digits");
        File.WriteAllText(Path.Combine(models.Folder, "digits", "model.json"), readme.Split("```json")[1].Split("```")[0]);
        await using var backend = Backends.Over(models.Folder);
        Assert.Contains("\"label\":\"2\"", (await backend.RunDigitsAsync(DigitPictures.Png(2, 2))).Text(), StringComparison.Ordinal);
    }
}
