using System.Buffers.Binary;
using System.Numerics;

namespace SwarmPool.Identity;

/// <summary>The checksum that the capitals of a written address are.</summary>
/// <remarks>
/// Sources: EIP-55; Keccak reference, version 3.0. It is here, small and for one block, so that the contracts need no cryptography package;
/// tests compare it with one.
/// </remarks>
internal static class AddressChecksum
{
    private const int Rounds = 24;
    private const int RateBytes = 136;
    private const int Digits = 40;

    private static ReadOnlySpan<byte> Rotations => [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    private static ReadOnlySpan<byte> Lanes => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    /// <summary>Raises those of the 40 lower-case hex digits that EIP-55 has as capitals.</summary>
    public static void Apply(Span<char> digits)
    {
        Span<byte> block = stackalloc byte[RateBytes];
        block.Clear();
        for (var i = 0; i < Digits; i++)
        {
            block[i] = (byte)digits[i];
        }

        block[Digits] = 1; // Keccak's padding, which isn't SHA3's.
        block[^1] |= 0x80;
        Span<ulong> lanes = stackalloc ulong[25];
        lanes.Clear();
        for (var i = 0; i < RateBytes / 8; i++)
        {
            lanes[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);
        }

        Permute(lanes);
        for (var i = 0; i < Digits; i++)
        {
            var hashed = (byte)(lanes[i / 16] >> (i / 2 % 8 * 8));
            if (((i % 2 == 0 ? hashed >> 4 : hashed) & 8) != 0)
            {
                digits[i] = char.ToUpperInvariant(digits[i]);
            }
        }
    }

    private static void Permute(Span<ulong> lanes)
    {
        Span<ulong> columns = stackalloc ulong[5];
        byte register = 1;
        for (var round = 0; round < Rounds; round++)
        {
            for (var x = 0; x < 5; x++)
            {
                columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
            }

            for (var i = 0; i < 25; i++)
            {
                lanes[i] ^= columns[(i + 4) % 5] ^ BitOperations.RotateLeft(columns[(i + 1) % 5], 1);
            }

            var carried = lanes[1];
            for (var i = 0; i < 24; i++)
            {
                (carried, lanes[Lanes[i]]) = (lanes[Lanes[i]], BitOperations.RotateLeft(carried, Rotations[i]));
            }

            for (var y = 0; y < 25; y += 5)
            {
                lanes.Slice(y, 5).CopyTo(columns);
                for (var x = 0; x < 5; x++)
                {
                    lanes[y + x] = columns[x] ^ (~columns[(x + 1) % 5] & columns[(x + 2) % 5]);
                }
            }

            lanes[0] ^= Constant(ref register);
        }
    }

    // The bits of a round's constant come from a shift register.
    private static ulong Constant(ref byte register)
    {
        ulong constant = 0;
        for (var bit = 0; bit < 7; bit++)
        {
            if ((register & 1) != 0)
            {
                constant |= 1UL << ((1 << bit) - 1);
            }

            register = (byte)((register << 1) ^ ((register >> 7) * 0x71));
        }

        return constant;
    }
}
