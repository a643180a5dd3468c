using Microsoft.ML.Tokenizers;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>"wordpiece": BERT's, from its vocab.txt: [CLS], the text, [SEP].</summary>
internal sealed class WordPieceTokens(IStepFile vocabulary, bool lowerCase, bool stripAccents) : ITokens
{
    private BertTokenizer? tokenizer;

    public int Pad => Loaded.PaddingTokenId;

    private BertTokenizer Loaded => tokenizer ?? throw new InvalidOperationException("The tokenizer has not been loaded.");

    public static WordPieceTokens? Make(IStepParameters reader)
    {
        var file = reader.File("vocab");
        var lowerCase = reader.Flag("lower_case", otherwise: true);
        var stripAccents = reader.Flag("strip_accents", otherwise: lowerCase);
        return file is null ? null : new WordPieceTokens(file, lowerCase, stripAccents);
    }

    public void Load() => tokenizer = TokenFiles.Read(vocabulary, stream => BertTokenizer.Create(stream, new BertOptions
    {
        LowerCaseBeforeTokenization = lowerCase,

        // The text comes without accents: the library takes them off by .NET's normalization, which programs that are built without ICU don't have.
        RemoveNonSpacingMarks = false,

        // A stranger's text that says [SEP] is no separator.
        SplitOnSpecialTokens = false,
    }));

    public (IReadOnlyList<int> Before, IReadOnlyList<int> Text, IReadOnlyList<int> After) Encode(string text) => (
        [Loaded.ClassificationTokenId],
        Loaded.EncodeToIds(stripAccents ? Accents.Strip(text) : text, addSpecialTokens: false),
        [Loaded.SeparatorTokenId]);

    public string Decode(IReadOnlyList<int> ids) => TokenFiles.Spell(ids, Loaded.Decode);
}
