using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>"list": a text a line, the first one's id being 0; "▁" is a space. A text to encode is its words, each one of the lines.</summary>
internal sealed class ListTokens(IStepFile file, SurroundingIds around) : ITokens
{
    private const int MostLines = 1_000_000;

    private IReadOnlyList<string> lines = [];
    private Dictionary<string, int> ids = [];

    public int Pad => around.Pad;

    public static ListTokens? Make(IStepParameters reader)
    {
        var file = reader.File("vocab");
        var around = SurroundingIds.Read(reader);
        return file is null ? null : new ListTokens(file, around);
    }

    public void Load()
    {
        lines = StepFile.Lines(file, MostLines);
        var read = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < lines.Count; id++)
        {
            read.TryAdd(lines[id].Trim('▁'), id);
        }

        ids = read;
    }

    public (IReadOnlyList<int> Before, IReadOnlyList<int> Text, IReadOnlyList<int> After) Encode(string text) => (
        around.Before,
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => ids.TryGetValue(word, out var id)
            ? id
            : throw new InferenceException($"The word '{(word.Length > 40 ? $"{word[..40]}…" : word)}' is none of {file.Name}. Send a text of its words."))],
        around.After);

    public string Decode(IReadOnlyList<int> tokens) => string.Concat(tokens.Select(id => id < lines.Count
        ? lines[id]
        : throw new InferenceException($"The model gave the token {id}; {file.Name} has {lines.Count}. Its model.json does not fit it."))).Replace('▁', ' ');
}
