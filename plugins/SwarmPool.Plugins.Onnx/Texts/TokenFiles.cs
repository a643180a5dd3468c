using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>Reads a tokenizer's files by the library, whatever it throws at a file that is none.</summary>
internal static class TokenFiles
{
    public static T Read<T>(IStepFile file, Func<Stream, T> read)
    {
        using var stream = new MemoryStream(file.Read().ToArray(), writable: false);
        try
        {
            return read(stream);
        }
        catch (Exception broken) when (broken is not InferenceException and not OutOfMemoryException)
        {
            throw new InferenceException($"{file.Name} can't be used as a tokenizer's file: {broken.Message.TrimEnd('.')}. Put the right one there.", broken);
        }
    }

    /// <summary>The text that ids spell, by the library, whatever it makes of one that is none.</summary>
    public static string Spell(IReadOnlyList<int> ids, Func<IEnumerable<int>, string?> decode)
    {
        try
        {
            return decode(ids) ?? "";
        }
        catch (Exception broken) when (broken is not InferenceException and not OutOfMemoryException)
        {
            throw new InferenceException($"The model's tokens spell no text: {broken.Message.TrimEnd('.')}. Its model.json does not fit it.", broken);
        }
    }
}
