using System.Buffers;
using System.Globalization;
using System.Text;

namespace SwarmPool.Protocol.Signatures;

/// <summary>EIP-191 <c>personal_sign</c>: what a wallet hashes when it is asked to sign a text.</summary>
internal static class Eip191
{
    /// <summary>Keccak-256 of 0x19, "Ethereum Signed Message:\n", the text's length in decimal, and the text.</summary>
    public static void Hash(ReadOnlySpan<byte> text, Span<byte> hash32)
    {
        // \u0019 and not \x19: C# reads \x19E as one character.
        var prefix = string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{text.Length}");
        var whole = ArrayPool<byte>.Shared.Rent(prefix.Length + text.Length);
        var length = Encoding.ASCII.GetBytes(prefix, whole);
        text.CopyTo(whole.AsSpan(length));
        Keccak256.Hash(whole.AsSpan(0, length + text.Length), hash32);
        ArrayPool<byte>.Shared.Return(whole);
    }
}
