using System.Numerics;

namespace SwarmPool.Transport;

/// <summary>Bytes as the digits of one number, in a base that is no power of two; each leading zero byte is a digit of its own.</summary>
internal static class Digits
{
    private const int LongestText = 128;

    public static string Encode(ReadOnlySpan<byte> bytes, string alphabet)
    {
        var digits = new Stack<char>();
        for (var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true); value > 0; value /= alphabet.Length)
        {
            digits.Push(alphabet[(int)(value % alphabet.Length)]);
        }

        return new string(alphabet[0], Leading(bytes, (byte)0)) + string.Concat(digits);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, string alphabet, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > LongestText || text.ContainsAnyExcept(alphabet))
        {
            return false;
        }

        var value = BigInteger.Zero;
        foreach (var digit in text)
        {
            value = (value * alphabet.Length) + alphabet.IndexOf(digit, StringComparison.Ordinal);
        }

        bytes = [.. new byte[Leading(text, alphabet[0])], .. value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true)];
        return true;
    }

    private static int Leading<T>(ReadOnlySpan<T> of, T zero)
        where T : IEquatable<T> => of.IndexOfAnyExcept(zero) is >= 0 and var count ? count : of.Length;
}
