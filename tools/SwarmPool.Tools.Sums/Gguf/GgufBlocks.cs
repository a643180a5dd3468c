using System.Buffers.Binary;

namespace SwarmPool.Tools.Sums.Gguf;

/// <summary>Numbers as ggml keeps them.</summary>
internal static class GgufBlocks
{
    /// <summary>Numbers a block of <see cref="GgufPrecision.Q4"/>.</summary>
    public const int Block = 32;

    public static byte[] F32(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    public static byte[] F16(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * 2), (Half)values[i]);
        }

        return bytes;
    }

    /// <summary>Blocks of a scale and 32 numbers of 4 bits; the number of the largest size becomes 0, which stands for -8.</summary>
    public static byte[] Q4(ReadOnlySpan<float> values)
    {
        const int Bytes = 2 + (Block / 2);
        var bytes = new byte[values.Length / Block * Bytes];
        for (var at = 0; at < values.Length; at += Block)
        {
            var block = values.Slice(at, Block);
            var largest = 0f;
            foreach (var value in block)
            {
                largest = MathF.Abs(value) > MathF.Abs(largest) ? value : largest;
            }

            var scale = largest / -8f;
            var target = bytes.AsSpan(at / Block * Bytes, Bytes);
            BinaryPrimitives.WriteHalfLittleEndian(target, (Half)scale);
            for (var i = 0; i < Block / 2; i++)
            {
                target[2 + i] = (byte)(Four(block[i], scale) | (Four(block[i + (Block / 2)], scale) << 4));
            }
        }

        return bytes;
    }

    /// <summary>What is left of numbers once they were <see cref="Q4"/>.</summary>
    public static float[] ThroughQ4(ReadOnlySpan<float> values)
    {
        var (bytes, left) = (Q4(values), new float[values.Length]);
        for (var i = 0; i < left.Length; i++)
        {
            var block = bytes.AsSpan(i / Block * (2 + (Block / 2)), 2 + (Block / 2));
            var (within, high) = (i % Block % (Block / 2), i % Block >= Block / 2);
            left[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(block) * ((high ? block[2 + within] >> 4 : block[2 + within] & 15) - 8);
        }

        return left;
    }

    private static int Four(float value, float scale) => scale == 0 ? 8 : Math.Clamp((int)MathF.Floor((value / scale) + 8.5f), 0, 15);
}
