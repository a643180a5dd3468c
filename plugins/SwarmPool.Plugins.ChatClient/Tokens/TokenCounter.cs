using Microsoft.ML.Tokenizers;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Tokens;

/// <summary>Counts tokens as the tokenizer that a manifest names makes them: of the texts alone, without what a template adds. Thread-safe.</summary>
internal sealed class TokenCounter(Tokenizer tokenizer)
{
    private const int LongestToken = 16;

    /// <exception cref="InferenceException">The tokenizer's files lack something that this text has.</exception>
    public int Count(string text)
    {
        try
        {
            return text.Length == 0 ? 0 : tokenizer.CountTokens(text);
        }
        catch (Exception wrong)
        {
            // The library throws whatever its tables stumble over.
            throw new InferenceException($"The tokenizer that model.json names can't count a text ({wrong.GetType().Name}: {wrong.Message}). Take the files that belong to the model.", wrong);
        }
    }

    /// <summary>How many characters of a text have <paramref name="most"/> tokens at most; never half a character.</summary>
    public int Fit(string text, int most)
    {
        var fits = tokenizer.Normalizer is null ? tokenizer.GetIndexByTokenCount(text, most, out _, out _) : FitNormalized(text, most);
        return fits > 0 && fits < text.Length && char.IsHighSurrogate(text[fits - 1]) ? fits - 1 : fits;
    }

    // Where the tokenizer normalises, a place in its own text may be none in this one. So a text's beginning is sought by halving, and
    // then a little beyond, since a longer one may have fewer tokens: "hel" has two where "hello" is one.
    private int FitNormalized(string text, int most)
    {
        var (fits, beyond) = (0, text.Length + 1);
        while (beyond - fits > 1)
        {
            var middle = fits + ((beyond - fits) / 2);
            (fits, beyond) = Count(text[..middle]) <= most ? (middle, beyond) : (fits, middle);
        }

        for (var length = Math.Min(text.Length, fits + LongestToken); length > fits; length--)
        {
            if (Count(text[..length]) <= most)
            {
                return length;
            }
        }

        return fits;
    }
}
