using System.Security.Cryptography;

namespace SwarmPool.Runtime.Keys;

/// <summary>AES-128 in counter mode (NIST SP 800-38A, 128-bit big-endian counter), which the framework doesn't offer by itself.</summary>
internal static class Aes128Ctr
{
    private const int BlockBytes = 16;

    /// <summary>Encrypts or decrypts in place; the two are the same.</summary>
    public static void Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, Span<byte> data)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> counter = stackalloc byte[BlockBytes];
        Span<byte> stream = stackalloc byte[BlockBytes];
        iv.CopyTo(counter);
        for (var at = 0; at < data.Length; at += BlockBytes)
        {
            aes.EncryptEcb(counter, stream, PaddingMode.None);
            var block = data.Slice(at, Math.Min(BlockBytes, data.Length - at));
            for (var i = 0; i < block.Length; i++)
            {
                block[i] ^= stream[i];
            }

            for (var i = BlockBytes - 1; i >= 0 && ++counter[i] == 0; i--)
            {
            }
        }
    }
}
