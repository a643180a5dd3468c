using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>The kinds of tokenizers.</summary>
internal static class Tokenizers
{
    /// <summary>Stands where a manifest has a problem, and is never used.</summary>
    public static ITokens None { get; } = new NoTokens();

    public static ITokens Read(IStepParameters reader)
    {
        ITokens? made = reader.Choice("kind", null, "wordpiece", "bpe", "sentencepiece", "list") switch
        {
            "wordpiece" => WordPieceTokens.Make(reader),
            "bpe" => BpeTokens.Make(reader),
            "sentencepiece" => SentencePieceTokens.Make(reader),
            "list" => ListTokens.Make(reader),
            _ => null,
        };
        return made ?? None;
    }

    private sealed class NoTokens : ITokens
    {
        public int Pad => 0;

        public void Load()
        {
        }

        public (IReadOnlyList<int> Before, IReadOnlyList<int> Text, IReadOnlyList<int> After) Encode(string text) => ([], [], []);

        public string Decode(IReadOnlyList<int> ids) => "";
    }
}
