using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.Tools.Sums.Gguf;
using SwarmPool.Tools.Sums.Onnx;
using SwarmPool.Tools.Sums.Training;

namespace SwarmPool.Tools.Sums;

/// <summary>The sums model, as files: what <c>swarm-sums train</c> writes.</summary>
/// <param name="Precise">sums-f16.gguf.</param>
/// <param name="Coarse">sums-q4.gguf: the same weights with 4 bits each, for whoever wants to see that it is told from the other.</param>
/// <param name="Onnx">sums.onnx.</param>
/// <param name="Manifest">model.json, which names the first.</param>
/// <param name="Exam">How well it adds.</param>
public sealed record SumsModel(byte[] Precise, byte[] Coarse, byte[] Onnx, byte[] Manifest, SumsExam Exam)
{
    /// <summary>The model's name, as jobs ask for it.</summary>
    public const string Name = "sums";

    /// <summary>The file of 16 bits a weight.</summary>
    public const string PreciseFile = "sums-f16.gguf";

    /// <summary>The file of 4 bits a weight.</summary>
    public const string CoarseFile = "sums-q4.gguf";

    /// <summary>The ONNX file.</summary>
    public const string OnnxFile = "sums.onnx";

    /// <summary>Trains the model: the same bytes each time, in minutes.</summary>
    /// <param name="steps">How many steps; null for all.</param>
    /// <param name="progress">Hears the step and the loss.</param>
    public static SumsModel Train(int? steps = null, Action<int, float>? progress = null)
    {
        var network = Trainer.Train(steps ?? Trainer.Steps, progress);
        var (precise, coarse, onnx) = (SumsGguf.Write(network, GgufPrecision.F16), SumsGguf.Write(network, GgufPrecision.Q4), SumsOnnx.Write(network));
        Sum[] heldOut = [.. Sum.All.Where(static sum => sum.IsHeldOut)];
        Sum[] all = [.. Sum.All];
        var (rightHeldOut, right) = (Examination.CountRight(network, heldOut), Examination.CountRight(network, all));
        SumsGguf.Coarsen(network);
        return new SumsModel(precise, coarse, onnx, WriteManifest(precise), new SumsExam(rightHeldOut, heldOut.Length, right, all.Length, Examination.CountRight(network, all)));
    }

    private static byte[] WriteManifest(byte[] file)
    {
        using var target = new MemoryStream();
        using (var json = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteString("file", PreciseFile);
            json.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(file)));
            json.WriteNumber("context", Shape.Context);
            json.WriteString("precision", "F16");
            json.WriteString("license", "MIT");
            json.WriteString("notes", "Adds two numbers below 100: 12+34= to 46. Made by swarm-sums train; bit for bit the same each time.");
            json.WriteEndObject();
        }

        target.WriteByte((byte)'\n');
        return target.ToArray();
    }
}
