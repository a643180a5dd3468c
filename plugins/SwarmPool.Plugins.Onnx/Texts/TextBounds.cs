using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>How long a text may be.</summary>
/// <param name="MaxTokens">The most tokens, those around it included.</param>
/// <param name="MaxCharacters">The most UTF-16 units, which are looked at before it is cut into tokens.</param>
/// <param name="Cuts">Whether what is beyond is left away instead of refused.</param>
internal sealed record TextBounds(int MaxTokens, int MaxCharacters, bool Cuts)
{
    public static TextBounds Read(IStepParameters reader, int? places)
    {
        var most = reader.Integer("max_tokens", 2, 131_072, otherwise: places ?? 512);
        if (places < most)
        {
            reader.Problem("max_tokens", $"the model's input has {places} places; write at most that");
        }

        return new TextBounds(
            most,
            reader.Integer("max_characters", 1, 10_000_000, otherwise: 100_000),
            reader.Choice("too_long", "refuse", "refuse", "cut") == "cut");
    }
}
