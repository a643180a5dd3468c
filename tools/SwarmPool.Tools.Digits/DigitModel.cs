using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.Tools.Digits.Onnx;
using SwarmPool.Tools.Digits.Training;

namespace SwarmPool.Tools.Digits;

/// <summary>The digits model, as files: what <c>swarm-digits train</c> writes.</summary>
/// <param name="Onnx">digits.onnx.</param>
/// <param name="Manifest">model.json.</param>
/// <param name="HeldOutRight">How many of the held-out pictures it reads rightly.</param>
/// <param name="HeldOutCount">How many held-out pictures there are.</param>
public sealed record DigitModel(byte[] Onnx, byte[] Manifest, int HeldOutRight, int HeldOutCount)
{
    /// <summary>The model's name, as jobs ask for it.</summary>
    public const string Name = "digits-16";

    /// <summary>The model file's name.</summary>
    public const string FileName = "digits.onnx";

    /// <summary>Trains the model: the same bytes each time, in seconds.</summary>
    public static DigitModel Train()
    {
        var network = Trainer.Train();
        var onnx = OnnxWriter.Write(network);
        return new DigitModel(onnx, WriteManifest(onnx), HeldOut.CountRight(network), HeldOut.PerDigit * Network.Digits);
    }

    private static byte[] WriteManifest(byte[] onnx)
    {
        using var target = new MemoryStream();
        using (var json = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteString("file", FileName);
            json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(onnx)));
            json.WriteString("precision", "fp32");
            Texts(json, "job_types", "image-classification");
            Tensor(json, "inputs", OnnxWriter.Input, 1, GlyphImage.Size, GlyphImage.Size);
            Tensor(json, "outputs", OnnxWriter.Output, Network.Digits);

            json.WriteStartObject("preprocess");
            json.WriteString("kind", "png-gray");
            json.WriteString("input", OnnxWriter.Input);
            json.WriteNumber("width", GlyphImage.Size);
            json.WriteNumber("height", GlyphImage.Size);
            json.WriteString("resize", "area");
            json.WriteBoolean("invert", true);
            json.WriteEndObject();

            json.WriteStartObject("runner");
            json.WriteString("kind", "single");
            json.WriteEndObject();

            json.WriteStartObject("postprocess");
            json.WriteString("kind", "softmax-argmax");
            json.WriteString("output", OnnxWriter.Output);
            Texts(json, "labels", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
            json.WriteEndObject();

            json.WriteString("license", "MIT");
            json.WriteString("notes", "Made by swarm-digits train, from glyphs it draws itself; bit for bit the same each time.");
            json.WriteEndObject();
        }

        target.WriteByte((byte)'\n');
        return target.ToArray();
    }

    private static void Texts(Utf8JsonWriter json, string key, params string[] values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void Tensor(Utf8JsonWriter json, string key, string name, params int[] shape)
    {
        json.WriteStartArray(key);
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("type", "float32");
        json.WriteStartArray("shape");
        json.WriteStringValue("n");
        foreach (var dimension in shape)
        {
            json.WriteNumberValue(dimension);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
