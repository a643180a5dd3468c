using System.Text;

namespace SwarmPool.Protocol.Verification;

/// <summary>What of a text counts when two are compared.</summary>
internal enum TextForm
{
    /// <summary>Every byte.</summary>
    Exact = 0,

    /// <summary>Everything but how it is spaced: runs of white space are one space, and there is none at either end.</summary>
    Spaces,

    /// <summary>Neither its spaces nor its case: as <see cref="Spaces"/>, each character as its simple upper case.</summary>
    Caseless,
}

/// <summary>The named normalisations of texts.</summary>
/// <remarks>Pure; thread-safe. None of them depends on a culture or on Unicode's tables of compositions.</remarks>
internal static class TextForms
{
    /// <summary>The form of a name, as a manifest has it; null is <see cref="TextForm.Exact"/>.</summary>
    public static TextForm Of(string? name) => name switch
    {
        "spaces" => TextForm.Spaces,
        "caseless" => TextForm.Caseless,
        _ => TextForm.Exact,
    };

    /// <summary>Whether two texts are the same, by what counts.</summary>
    public static bool AreSame(string one, string other, TextForm form) =>
        string.Equals(one, other, StringComparison.Ordinal) || (form != TextForm.Exact && string.Equals(Normalise(one, form), Normalise(other, form), StringComparison.Ordinal));

    private static string Normalise(string text, TextForm form)
    {
        var written = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter))
            {
                written.Append(form == TextForm.Caseless ? char.ToUpperInvariant(letter) : letter);
            }
            else if (written.Length > 0 && written[^1] != ' ')
            {
                written.Append(' ');
            }
        }

        return written.ToString().TrimEnd(' ');
    }
}
