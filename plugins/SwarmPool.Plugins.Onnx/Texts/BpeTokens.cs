using System.Text.Json;
using Microsoft.ML.Tokenizers;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>"bpe": byte-pair encoding over bytes, as GPT-2, RoBERTa and CLIP have it, from their vocab.json and merges.txt.</summary>
internal sealed class BpeTokens(IStepFile vocabulary, IStepFile merges, SurroundingIds around, bool lowerCase, string? endOfWord) : ITokens
{
    private const int MostMerges = 1_000_000;

    private BpeTokenizer? tokenizer;

    public int Pad => around.Pad;

    public static BpeTokens? Make(IStepParameters reader)
    {
        var vocabulary = reader.File("vocab");
        var merges = reader.File("merges");
        var around = SurroundingIds.Read(reader);
        var lowerCase = reader.Flag("lower_case", otherwise: false);
        var endOfWord = reader.Text("end_of_word", most: 16, otherwise: "none");
        return vocabulary is null || merges is null ? null : new BpeTokens(vocabulary, merges, around, lowerCase, endOfWord == "none" ? null : endOfWord);
    }

    public void Load() => tokenizer = TokenFiles.Read(vocabulary, stream =>
    {
        var entries = JsonSerializer.Deserialize(stream, VocabularyJson.Default.DictionaryStringInt32) ?? throw new InvalidDataException("it has no entries");
        var lines = StepFile.Lines(merges, MostMerges).Where(static line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        return BpeTokenizer.Create(new BpeOptions(entries)
        {
            Merges = [.. lines],
            ByteLevel = true,
            PreTokenizer = RobertaPreTokenizer.Instance,
            EndOfWordSuffix = endOfWord,
        });
    });

    public (IReadOnlyList<int> Before, IReadOnlyList<int> Text, IReadOnlyList<int> After) Encode(string text) => (
        around.Before,
        (tokenizer ?? throw new InvalidOperationException("The tokenizer has not been loaded.")).EncodeToIds(lowerCase ? text.ToLowerInvariant() : text),
        around.After);

    public string Decode(IReadOnlyList<int> ids) => TokenFiles.Spell(ids, (tokenizer ?? throw new InvalidOperationException("The tokenizer has not been loaded.")).Decode);
}
