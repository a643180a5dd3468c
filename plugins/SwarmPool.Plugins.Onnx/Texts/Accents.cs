using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>Takes accents off: canonical decomposition (NFD), then no non-spacing marks, as BERT's tokenizers do.</summary>
internal static class Accents
{
    public static string Strip(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\x7F') < 0)
        {
            return text;
        }

        var bare = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var part in ENSNormalize.NF.NFD([rune.Value]))
            {
                if (Rune.GetUnicodeCategory(new Rune(part)) != UnicodeCategory.NonSpacingMark)
                {
                    bare.Append(new Rune(part).ToString());
                }
            }
        }

        return bare.ToString();
    }
}
