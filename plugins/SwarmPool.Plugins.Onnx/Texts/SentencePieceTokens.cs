using Microsoft.ML.Tokenizers;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>"sentencepiece": BPE or unigram, from a SentencePiece model file.</summary>
internal sealed class SentencePieceTokens(IStepFile model, SurroundingIds around, int offset) : ITokens
{
    private SentencePieceTokenizer? tokenizer;

    public int Pad => around.Pad;

    public static SentencePieceTokens? Make(IStepParameters reader)
    {
        var file = reader.File("model");
        var around = SurroundingIds.Read(reader);
        var offset = reader.Integer("offset", 0, 1024, otherwise: 0);
        return file is null ? null : new SentencePieceTokens(file, around, offset);
    }

    public void Load() => tokenizer = TokenFiles.Read(model, static stream => SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false));

    public (IReadOnlyList<int> Before, IReadOnlyList<int> Text, IReadOnlyList<int> After) Encode(string text)
    {
        var ids = (tokenizer ?? throw new InvalidOperationException("The tokenizer has not been loaded.")).EncodeToIds(text);
        return (around.Before, offset == 0 ? ids : [.. ids.Select(id => id + offset)], around.After);
    }

    public string Decode(IReadOnlyList<int> ids) => TokenFiles.Spell(
        [.. ids.Select(id => id - offset)], (tokenizer ?? throw new InvalidOperationException("The tokenizer has not been loaded.")).Decode);
}
