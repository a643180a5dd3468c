using SwarmPool.Files;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Texts;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>"text": a text as the ids of its tokens, with which of them count and which of several texts they are of.</summary>
internal sealed class TextInput(ITokens tokens, TextPlaces places, TextBounds bounds) : IPreprocessor
{
    public IReadOnlyList<string> Feeds { get; } = places.Names;

    public static TextInput Make(IStepParameters reader)
    {
        var places = TextPlaces.Read(reader);
        var bounds = TextBounds.Read(reader, places.Fixed);
        return new TextInput(reader.Object("tokenizer") is { } inner ? Tokenizers.Read(inner) : Tokenizers.None, places, bounds);
    }

    public void Load() => tokens.Load();

    public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var text = Decode(bytes.Span);
        cancellationToken.ThrowIfCancellationRequested();
        var (before, ids, after) = tokens.Encode(text);
        var room = bounds.MaxTokens - before.Count - after.Count;
        if (ids.Count > room && !bounds.Cuts)
        {
            throw new InferenceException($"The text has {ids.Count + before.Count + after.Count} tokens; the model takes at most {bounds.MaxTokens}. Send a shorter one.");
        }

        List<int> all = [.. before, .. ids.Take(Math.Max(room, 0)), .. after];
        return new PreparedInput(places.Tensors(all, tokens.Pad));
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = TextFile.Decode(bytes);
            return text.Length <= bounds.MaxCharacters
                ? text
                : throw new InferenceException($"The text has {text.Length} characters; at most {bounds.MaxCharacters} are taken. Send a shorter one.");
        }
        catch (FormatException wrong)
        {
            throw new InferenceException($"The input can't be used: {wrong.Message}. Send a text in UTF-8.", wrong);
        }
    }
}
