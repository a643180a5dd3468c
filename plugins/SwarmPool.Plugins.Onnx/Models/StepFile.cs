using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Weights;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>A file of the model's folder that a step reads; the bytes are those that were hashed.</summary>
internal sealed class StepFile(string folder, ExternalFile file) : IStepFile
{
    /// <summary>The most bytes: the largest vocabularies have a few.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    public string Name => file.Name;

    public ReadOnlyMemory<byte> Read()
    {
        try
        {
            return ModelFiles.ReadBeside(folder, file, MaxBytes);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InferenceException($"{Name} can't be read: {wrong.Message.TrimEnd('.')}. Put the right file back, or correct model.json, and start again.", wrong);
        }
    }

    /// <summary>Its lines, each a text without its end; one after the last end counts only when it has something.</summary>
    /// <exception cref="InferenceException">It can't be read, is no text, or has more lines.</exception>
    public static IReadOnlyList<string> Lines(IStepFile file, int most)
    {
        string text;
        try
        {
            text = Files.TextFile.Decode(file.Read().Span);
        }
        catch (FormatException wrong)
        {
            throw new InferenceException($"{file.Name} can't be used: {wrong.Message}. Write it in UTF-8, a line each.", wrong);
        }

        var lines = text.Split('\n').Select(static line => line.TrimEnd('\r')).ToList();
        if (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines.Count <= most ? lines : throw new InferenceException($"{file.Name} has {lines.Count} lines; at most {most} are used. Correct model.json.");
    }
}
