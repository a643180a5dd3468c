namespace SwarmPool.Transport;

/// <summary>base58btc, in which CIDv0 (<c>Qm…</c>), CIDv1 behind <c>z</c> and ids of peers (<c>12D3…</c>) are written.</summary>
/// <remarks>Thread-safe. See draft-msporny-base58. Each leading zero byte is a digit of its own.</remarks>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>The text of some bytes; empty for none.</summary>
    /// <param name="bytes">What is written; the work grows with the square of their number.</param>
    public static string Encode(ReadOnlySpan<byte> bytes) => Digits.Encode(bytes, Alphabet);

    /// <summary>Reads a text back; false for another character, or more than 128 of them: the work grows with the square of their number.</summary>
    /// <param name="text">The text, without a prefix of a multibase.</param>
    /// <param name="bytes">What it says; none for an empty text, and when false.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes) => Digits.TryDecode(text, Alphabet, out bytes);
}
