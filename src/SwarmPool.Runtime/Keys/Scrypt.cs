using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SwarmPool.Runtime.Keys;

/// <summary>
/// scrypt (RFC 7914). Our own, because BouncyCastle's refuses r = 1 with n of 65,536 or more, which keystores of wallets
/// (and the test vector of Web3 Secret Storage) use.
/// </summary>
internal static class Scrypt
{
    private const int Words = 16;

    /// <summary>Derives a key; needs 128·n·r bytes meanwhile. n is a power of two; the caller bounds all parameters.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, int length)
    {
        var block = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, p * 128 * r);
        var lane = new uint[32 * r];
        var scratch = new uint[32 * r];
        var table = new uint[n * lane.Length];
        for (var i = 0; i < p; i++)
        {
            var bytes = block.AsSpan(i * 128 * r, 128 * r);
            ReadLittleEndian(bytes, lane);
            Mix(lane, scratch, table, n);
            WriteLittleEndian(lane, bytes);
        }

        var derived = Rfc2898DeriveBytes.Pbkdf2(password, block, 1, HashAlgorithmName.SHA256, length);
        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(lane.AsSpan()));
        return derived;
    }

    // scryptROMix
    private static void Mix(uint[] x, uint[] scratch, uint[] table, int n)
    {
        for (var i = 0; i < n; i++)
        {
            x.CopyTo(table, i * x.Length);
            BlockMix(x, scratch);
        }

        for (var i = 0; i < n; i++)
        {
            var picked = table.AsSpan((int)(x[^Words] & (uint)(n - 1)) * x.Length, x.Length);
            for (var k = 0; k < picked.Length; k++)
            {
                x[k] ^= picked[k];
            }

            BlockMix(x, scratch);
        }
    }

    // scryptBlockMix: the even blocks of the result come first.
    private static void BlockMix(uint[] x, uint[] scratch)
    {
        var blocks = x.Length / Words;
        Span<uint> state = stackalloc uint[Words];
        x.AsSpan(^Words..).CopyTo(state);
        for (var i = 0; i < blocks; i++)
        {
            Salsa208(state, x.AsSpan(i * Words, Words));
            state.CopyTo(scratch.AsSpan(((i / 2) + (i % 2 == 0 ? 0 : blocks / 2)) * Words, Words));
        }

        scratch.CopyTo(x, 0);
    }

    // Salsa20/8 of state XOR input, into state. Locals instead of an array, so that the permutation stays in registers.
    private static void Salsa208(Span<uint> state, ReadOnlySpan<uint> input)
    {
        for (var i = 0; i < Words; i++)
        {
            state[i] ^= input[i];
        }

        var x0 = state[0];
        var x1 = state[1];
        var x2 = state[2];
        var x3 = state[3];
        var x4 = state[4];
        var x5 = state[5];
        var x6 = state[6];
        var x7 = state[7];
        var x8 = state[8];
        var x9 = state[9];
        var x10 = state[10];
        var x11 = state[11];
        var x12 = state[12];
        var x13 = state[13];
        var x14 = state[14];
        var x15 = state[15];
        for (var round = 0; round < 8; round += 2)
        {
            Quarter(ref x0, ref x4, ref x8, ref x12);
            Quarter(ref x5, ref x9, ref x13, ref x1);
            Quarter(ref x10, ref x14, ref x2, ref x6);
            Quarter(ref x15, ref x3, ref x7, ref x11);
            Quarter(ref x0, ref x1, ref x2, ref x3);
            Quarter(ref x5, ref x6, ref x7, ref x4);
            Quarter(ref x10, ref x11, ref x8, ref x9);
            Quarter(ref x15, ref x12, ref x13, ref x14);
        }

        state[0] += x0;
        state[1] += x1;
        state[2] += x2;
        state[3] += x3;
        state[4] += x4;
        state[5] += x5;
        state[6] += x6;
        state[7] += x7;
        state[8] += x8;
        state[9] += x9;
        state[10] += x10;
        state[11] += x11;
        state[12] += x12;
        state[13] += x13;
        state[14] += x14;
        state[15] += x15;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(a + d, 7);
        c ^= BitOperations.RotateLeft(b + a, 9);
        d ^= BitOperations.RotateLeft(c + b, 13);
        a ^= BitOperations.RotateLeft(d + c, 18);
    }

    private static void ReadLittleEndian(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
        }
    }

    private static void WriteLittleEndian(ReadOnlySpan<uint> words, Span<byte> bytes)
    {
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], words[i]);
        }
    }
}
