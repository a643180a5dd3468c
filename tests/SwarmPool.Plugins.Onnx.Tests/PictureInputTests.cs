using System.Globalization;
using System.Text.Json;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using StbImageSharp;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>"image": pictures in colour as people send them, brought to what a model takes.</summary>
public sealed class PictureInputTests
{
    [Fact]
    public async Task PngAndLosslessWebpComeInExactly()
    {
        using var picture = Gradient(5, 4);
        await using var made = Pixels(5, 4);
        foreach (var file in (byte[][])[Pngs.Make(5, 4, 2, Rows(picture)), Webp(picture)])
        {
            Assert.Equal(Planes(picture), await NumbersAsync(made, file));
        }
    }

    [Fact]
    public async Task JpegComesInAsAnotherDecoderReadsIt()
    {
        using var picture = Gradient(40, 24);
        await using var made = Pixels(40, 24);
        foreach (var (quality, mean, most) in ((int, int, int)[])[(60, 4, 32), (100, 1, 4)]) // Decoders differ in how they widen colours that were stored at half size.
        {
            var file = Jpeg(picture, quality);
            var other = ImageResult.FromMemory(file, ColorComponents.RedGreenBlue).Data;
            var numbers = await NumbersAsync(made, file);
            var differences = Enumerable.Range(0, 40 * 24 * 3).Select(i => Math.Abs(numbers[((i % 3) * 40 * 24) + (i / 3)] - other[i])).ToList();
            Assert.InRange(differences.Average(), 0, mean);
            Assert.InRange(differences.Max(), 0, most);
        }
    }

    [Theory]
    [InlineData(1, "RG/BW")]
    [InlineData(2, "GR/WB")]
    [InlineData(3, "WB/GR")]
    [InlineData(4, "BW/RG")]
    [InlineData(5, "RB/GW")]
    [InlineData(6, "BR/WG")]
    [InlineData(7, "WG/BR")]
    [InlineData(8, "GW/RB")]
    public async Task CamerasSayWhichWayIsUp(ushort orientation, string seen)
    {
        // Red and green above blue and white, 32 by 16.
        using var picture = new Image<Rgb24>(32, 16);
        picture.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < 16; y++)
            {
                for (var x = 0; x < 32; x++)
                {
                    rows.GetRowSpan(y)[x] = (x < 16, y < 8) switch { (true, true) => new Rgb24(255, 0, 0), (false, true) => new Rgb24(0, 255, 0), (true, false) => new Rgb24(0, 0, 255), _ => new Rgb24(255, 255, 255) };
                }
            }
        });
        picture.Metadata.ExifProfile = new ExifProfile();
        picture.Metadata.ExifProfile.SetValue(ExifTag.Orientation, orientation);
        var (width, height) = orientation >= 5 ? (16, 32) : (32, 16);
        await using var made = Pixels(width, height, """, "fit":"exact" """);
        foreach (var file in (byte[][])[Jpeg(picture, 100), Webp(picture)])
        {
            var numbers = await NumbersAsync(made, file);
            var corners = string.Concat(
                Name(numbers, width, height, 2, 2), Name(numbers, width, height, width - 3, 2), '/', Name(numbers, width, height, 2, height - 3), Name(numbers, width, height, width - 3, height - 3));
            Assert.Equal(seen, corners);
        }

        await using var asItLies = Pixels(32, 16, """, "fit":"exact", "exif":false """);
        var plain = await NumbersAsync(asItLies, Jpeg(picture, 100));
        Assert.Equal('R', Name(plain, 32, 16, 2, 2));
    }

    [Fact]
    public async Task NumbersAreAsTheManifestSays()
    {
        using var picture = new Image<Rgb24>(1, 1, new Rgb24(255, 51, 0));
        var file = Pngs.Make(1, 1, 2, Rows(picture));
        await using var plain = Floats(1, 1, "");
        Assert.Equal(["1", "0.2", "0"], await TextsAsync(plain, file));
        await using var bgr = Floats(1, 1, """, "colour":"bgr" """);
        Assert.Equal(["0", "0.2", "1"], await TextsAsync(bgr, file));
        await using var normal = Floats(1, 1, """, "mean":[0.5,0.5,0.25], "std":[0.5,0.25,0.5] """);
        Assert.Equal([1, -1.2, -0.5], (await TextsAsync(normal, file)).Select(static text => Math.Round(double.Parse(text, CultureInfo.InvariantCulture), 5)));
        await using var raw = Floats(1, 1, """, "scale":1 """);
        Assert.Equal(["255", "51", "0"], await TextsAsync(raw, file));
        await using var gray = Floats(1, 1, """, "colour":"gray", "scale":1 """, channels: 1);
        Assert.Equal([$"{((255 * 77) + (51 * 150)) >> 8}"], await TextsAsync(gray, file));
    }

    [Fact]
    public async Task ChannelsComeFirstOrLast()
    {
        using var picture = Gradient(3, 2);
        var file = Pngs.Make(3, 2, 2, Rows(picture));
        var model = new OnnxGraph().Input("x", "uint8", 1, 2, 3, 3).Output("y", "uint8", 1, 2, 3, 3).Node("Identity", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"uint8","shape":[1,2,3,3]}],"outputs":[{"name":"y","type":"uint8","shape":[1,2,3,3]}],
             "preprocess":{"kind":"image","input":"x","width":3,"height":2,"layout":"nhwc"}}
            """);
        var planes = Planes(picture);
        Assert.Equal(Enumerable.Range(0, 18).Select(i => planes[((i % 3) * 6) + (i / 3)]), await NumbersAsync(made, file));
    }

    /// <summary>By hand, by the rule that Pillow has: each filter twice as wide for half the size.</summary>
    [Theory]
    [InlineData("bilinear", new[] { 0, 0, 0, 0, 255, 255, 255, 255 }, new[] { 0, 32, 223, 255 })]
    [InlineData("area", new[] { 0, 10, 20, 30, 40, 50, 60, 70 }, new[] { 5, 25, 45, 65 })]
    [InlineData("nearest", new[] { 0, 10, 20, 30, 40, 50, 60, 70 }, new[] { 10, 30, 50, 70 })]
    [InlineData("bicubic", new[] { 0, 0, 0, 0, 255, 255, 255, 255 }, new[] { 0, 17, 238, 255 })]
    public async Task ScalingIsWhatModelsWereTrainedWith(string filter, int[] row, int[] expected)
    {
        await using var made = Pixels(4, 1, $""", "resample":"{filter}" """);
        var file = Pngs.Make(8, 1, 0, [0, .. row.Select(static value => (byte)value)]);
        Assert.Equal(expected, (await NumbersAsync(made, file)).Take(4));
    }

    [Fact]
    public async Task ALetterboxHasTheWholePictureInTheMiddle()
    {
        using var picture = new Image<Rgb24>(8, 4, new Rgb24(200, 100, 50));
        await using var made = Pixels(4, 4, """, "fit":"letterbox", "background":[1,2,3] """);
        var numbers = await NumbersAsync(made, Pngs.Make(8, 4, 2, Rows(picture)));
        Assert.Equal([1, 1, 1, 1, 200, 200, 200, 200, 200, 200, 200, 200, 1, 1, 1, 1], numbers.Take(16));
        await using var corner = Pixels(4, 4, """, "fit":"top-left", "background":[1,2,3] """);
        Assert.Equal([200, 200, 200, 200, 200, 200, 200, 200, 1, 1, 1, 1, 1, 1, 1, 1], (await NumbersAsync(corner, Pngs.Make(8, 4, 2, Rows(picture)))).Take(16));
    }

    [Fact]
    public async Task CoveringCutsTheMiddleOut()
    {
        var file = Pngs.Make(8, 2, 0, [0, 0, 10, 20, 30, 40, 50, 60, 70, 0, 0, 10, 20, 30, 40, 50, 60, 70]);
        await using var made = Pixels(2, 2, """, "fit":"cover" """);
        Assert.Equal([30, 40, 30, 40], (await NumbersAsync(made, file)).Take(4));
        await using var larger = Pixels(2, 2, """, "fit":"cover", "shorter_side":4, "resample":"nearest" """);
        Assert.Equal([30, 40, 30, 40], (await NumbersAsync(larger, file)).Take(4));
    }

    [Fact]
    public async Task ALineOfTextKeepsItsHeightAndIsAsWideAsItIs()
    {
        var model = new OnnxGraph().Input("x", "uint8", 1, 3, 2, "w").Output("y", "uint8", 1, 3, 2, "w").Node("Identity", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"uint8","shape":[1,3,2,"w"]}],"outputs":[{"name":"y","type":"uint8","shape":[1,3,2,"w"]}],
             "preprocess":{"kind":"image","input":"x","width":6,"height":2,"fit":"height"}}
            """);
        Assert.Contains("\"shape\":[1,3,2,4]", await made.AnswerAsync(Pngs.Make(8, 4, 0, new byte[36])), StringComparison.Ordinal);
        Assert.Contains("8 pixels wide when it is 2 high; the model takes 6", await made.RefusalAsync(Pngs.Make(16, 4, 0, new byte[68])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProblemsOfAManifestAreToldTogether()
    {
        await using var made = Pixels(4, 4, """, "mean":[0.5], "resample":"magic", "fit":"cover", "shorter_side":2, "background":[1], "layout":"nhwc" """);
        var refusal = await made.StartRefusalAsync();
        string[] expected =
        [
            "$.preprocess.mean: a uint8 input takes the pixels as they are", "$.preprocess.resample: write one of bilinear, bicubic, area, nearest",
            "$.preprocess.shorter_side: write at least 4", "$.preprocess.background: write red, green and blue", "$.preprocess.input: \"x\" is uint8[1,3,4,4]; layout, colour, width and height make it uint8[1,4,4,3]",
        ];
        Assert.All(expected, part => Assert.Contains(part, refusal, StringComparison.Ordinal));
    }

    internal static byte[] Jpeg(Image<Rgb24> picture, int quality)
    {
        using var file = new MemoryStream();
        picture.SaveAsJpeg(file, new JpegEncoder { Quality = quality, ColorType = quality == 100 ? JpegColorType.YCbCrRatio444 : JpegColorType.YCbCrRatio420 });
        return file.ToArray();
    }

    internal static byte[] Webp(Image<Rgb24> picture)
    {
        using var file = new MemoryStream();
        picture.SaveAsWebp(file, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless });
        return file.ToArray();
    }

    internal static Image<Rgb24> Gradient(int width, int height)
    {
        var picture = new Image<Rgb24>(width, height);
        picture.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    rows.GetRowSpan(y)[x] = new Rgb24((byte)(x * 255 / width), (byte)(y * 255 / height), (byte)((x + y) * 127 / (width + height)));
                }
            }
        });
        return picture;
    }

    internal static MadeModel Pixels(int width, int height, string more = "")
    {
        var model = new OnnxGraph().Input("x", "uint8", 1, 3, height, width).Output("y", "uint8", 1, 3, height, width).Node("Identity", ["x"], ["y"]);
        return new MadeModel(model.ToArray(), Manifest("uint8", 3, width, height, more));
    }

    private static MadeModel Floats(int width, int height, string more, int channels = 3)
    {
        var model = new OnnxGraph().Input("x", "float32", 1, channels, height, width).Output("y", "float32", 1, channels, height, width).Node("Identity", ["x"], ["y"]);
        return new MadeModel(model.ToArray(), Manifest("float32", channels, width, height, more));
    }

    private static string Manifest(string type, int channels, int width, int height, string more) => $$$"""
        {"inputs":[{"name":"x","type":"{{{type}}}","shape":[1,{{{channels}}},{{{height}}},{{{width}}}]}],"outputs":[{"name":"y","type":"{{{type}}}","shape":[1,{{{channels}}},{{{height}}},{{{width}}}]}],
         "preprocess":{"kind":"image","input":"x","width":{{{width}}},"height":{{{height}}}{{{more}}}}}
        """;

    private static async Task<List<string>> TextsAsync(MadeModel made, byte[] file)
    {
        using var answer = JsonDocument.Parse((await made.RunAsync(file)).Output);
        return [.. answer.RootElement.GetProperty("outputs").GetProperty("y").GetProperty("data").EnumerateArray().Select(static value => value.GetString()!)];
    }

    private static async Task<List<int>> NumbersAsync(MadeModel made, byte[] file) =>
        [.. (await TextsAsync(made, file)).Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];

    private static List<int> Planes(Image<Rgb24> picture)
    {
        var pixels = new Rgb24[picture.Width * picture.Height];
        picture.CopyPixelDataTo(pixels);
        return [.. pixels.Select(static pixel => (int)pixel.R), .. pixels.Select(static pixel => (int)pixel.G), .. pixels.Select(static pixel => (int)pixel.B)];
    }

    private static byte[] Rows(Image<Rgb24> picture)
    {
        var pixels = new byte[picture.Width * picture.Height * 3];
        picture.CopyPixelDataTo(pixels);
        return [.. pixels.Chunk(picture.Width * 3).SelectMany(static row => row.Prepend((byte)0))];
    }

    private static char Name(List<int> numbers, int width, int height, int x, int y)
    {
        var at = (y * width) + x;
        return (numbers[at] > 128, numbers[(width * height) + at] > 128, numbers[(2 * width * height) + at] > 128) switch
        {
            (true, false, false) => 'R',
            (false, true, false) => 'G',
            (false, false, true) => 'B',
            (true, true, true) => 'W',
            _ => '?',
        };
    }
}
