using System.Globalization;

namespace SwarmPool.Tools.Sums;

/// <summary>
/// The tokens: three of control, all bytes (so that no text is without tokens), and a character each of what a sum is written with.
/// </summary>
/// <remarks>The form is SentencePiece's, as a GGUF file of kind <c>llama</c> has it. Without the bytes llama.cpp ends the process on a character that it doesn't know.</remarks>
public static class Vocabulary
{
    /// <summary>Begins a text.</summary>
    public const int Begin = 1;

    /// <summary>Ends an answer.</summary>
    public const int End = 2;

    /// <summary>What a sum is written with. The last is how SentencePiece writes a space.</summary>
    public const string Characters = "0123456789+=\u2581";

    /// <summary>How many tokens there are.</summary>
    public const int Count = FirstCharacter + 13;

    private const int FirstByte = 3;
    private const int FirstCharacter = FirstByte + 256;

    /// <summary>The tokens as a file lists them.</summary>
    public static IReadOnlyList<string> Pieces { get; } =
    [
        "<unk>", "<s>", "</s>",
        .. Enumerable.Range(0, 256).Select(static value => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>")),
        .. Characters.Select(static one => one.ToString()),
    ];

    /// <summary>What each token is, by llama.cpp's numbers: 2 unknown, 3 control, 6 byte, 1 normal.</summary>
    public static IReadOnlyList<int> Kinds { get; } =
        [2, 3, 3, .. Enumerable.Repeat(6, 256), .. Enumerable.Repeat(1, Characters.Length)];

    /// <summary>The token of a character of a sum.</summary>
    public static int Of(char character) => FirstCharacter + Characters.IndexOf(character, StringComparison.Ordinal);

    /// <summary>The character of a token that has one; null for the others.</summary>
    public static char? CharacterOf(int token) => token >= FirstCharacter && token < Count ? Characters[token - FirstCharacter] : null;
}
