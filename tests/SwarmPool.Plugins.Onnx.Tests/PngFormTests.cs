using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StbImageSharp;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Pictures of every form that PNG has are the pictures that another decoder (stb_image) sees, pixel by pixel.</summary>
public sealed class PngFormTests
{
    private const int Width = 21;
    private const int Height = 13;

    public static TheoryData<byte, byte, bool, bool> Forms()
    {
        var forms = new TheoryData<byte, byte, bool, bool>();
        foreach (var (colour, depths) in ((byte, byte[])[])[(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])])
        {
            foreach (var bits in depths)
            {
                foreach (var interlaced in (bool[])[false, true])
                {
                    forms.Add(colour, bits, interlaced, false);
                    if (colour is 0 or 2 or 3)
                    {
                        forms.Add(colour, bits, interlaced, true);
                    }
                }
            }
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task EveryFormIsThePictureThatAnotherDecoderSees(byte colour, byte bits, bool interlaced, bool transparent)
    {
        using var models = new TempModels();
        AddIdentity(models, Width, Height);
        await using var backend = Backends.Over(models.Folder);
        for (var seed = 0; seed < 6; seed++)
        {
            var png = new PngForm(new Random(seed), colour, bits, interlaced, transparent).Make(Width, Height);
            Assert.Equal(Reference(png), await SeenAsync(backend, png));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 5)]
    [InlineData(5, 1)]
    [InlineData(1, 9)]
    public async Task InterlacedPicturesOfAnySizeHaveOnlyThePassesThatTheyNeed(int width, int height)
    {
        using var models = new TempModels();
        AddIdentity(models, width, height);
        await using var backend = Backends.Over(models.Folder);
        foreach (var (colour, bits) in ((byte, byte)[])[(0, 1), (3, 2), (2, 8), (6, 16)])
        {
            var png = new PngForm(new Random(width), colour, bits, interlaced: true, transparent: colour != 6).Make(width, height);
            Assert.Equal(Reference(png), await SeenAsync(backend, png));
        }
    }

    [Fact]
    public async Task ATransparentPaletteEntryIsTheSamePictureAsRgba()
    {
        using var models = new TempModels();
        AddIdentity(models, 3, 1);
        await using var backend = Backends.Over(models.Folder);
        var palette = Pngs.Make(3, 1, 3, [0, 0, 1, 2], palette: [0, 0, 0, 200, 10, 10, 9, 9, 9], transparency: [0, 128]);
        var rgba = Pngs.Make(3, 1, 6, [0, 0, 0, 0, 0, 200, 10, 10, 128, 9, 9, 9, 255]);
        Assert.Equal((int[])[255, 161, 9], await SeenAsync(backend, palette));
        Assert.Equal(await SeenAsync(backend, rgba), await SeenAsync(backend, palette));
    }

    // Gray on white of what stb_image makes of it: red, green, blue and alpha of 8 bits each.
    private static int[] Reference(byte[] png) => [.. ImageResult.FromMemory(png, ColorComponents.RedGreenBlueAlpha).Data.Chunk(4).Select(static pixel =>
    {
        var gray = ((pixel[0] * 77) + (pixel[1] * 150) + (pixel[2] * 29)) >> 8;
        return ((gray * pixel[3]) + (255 * (255 - pixel[3])) + 127) / 255;
    })];

    private static async Task<int[]> SeenAsync(IInferenceBackend backend, byte[] png)
    {
        var result = await backend.RunAsync(new InferenceRequest("seen", "seen", png), null, default);
        using var answer = JsonDocument.Parse(result.Output);
        return [.. answer.RootElement.GetProperty("outputs").GetProperty("y").GetProperty("data").EnumerateArray()
            .Select(static value => (int)Math.Round(double.Parse(value.GetString()!, CultureInfo.InvariantCulture) * 255))];
    }

    private static void AddIdentity(TempModels models, int width, int height)
    {
        var folder = Directory.CreateDirectory(Path.Combine(models.Folder, "seen")).FullName;
        var model = ExternalModels.Identity(height, width);
        File.WriteAllBytes(Path.Combine(folder, "m.onnx"), model);
        JsonArray Tensors(string name) => [new JsonObject { ["name"] = name, ["type"] = "float32", ["shape"] = new JsonArray(height, width) }];
        File.WriteAllText(Path.Combine(folder, "model.json"), new JsonObject
        {
            ["name"] = "seen",
            ["file"] = "m.onnx",
            ["sha256"] = ExternalModels.Hash(model),
            ["job_types"] = new JsonArray("seen"),
            ["inputs"] = Tensors("x"),
            ["outputs"] = Tensors("y"),
            ["preprocess"] = new JsonObject { ["kind"] = "png-gray", ["input"] = "x", ["width"] = width, ["height"] = height, ["resize"] = "exact" },
            ["runner"] = new JsonObject { ["kind"] = "single" },
            ["postprocess"] = new JsonObject { ["kind"] = "tensor-json" },
        }.ToJsonString());
    }
}
