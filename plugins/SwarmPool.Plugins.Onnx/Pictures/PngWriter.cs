using System.Buffers.Binary;
using System.IO.Compression;

namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>Writes a PNG picture of 8 bits, gray or in colour, each row as differences from the one above. How well it is packed is .NET's affair, and so are the bytes.</summary>
/// <remarks>Source: PNG specification, third edition (W3C, 2025), sections 5, 9 and annex D (CRC).</remarks>
internal static class PngWriter
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(static n =>
    {
        var c = (uint)n;
        for (var k = 0; k < 8; k++)
        {
            c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        }

        return c;
    })];

    public static ReadOnlyMemory<byte> Write(int width, int height, int channels, ReadOnlySpan<byte> pixels, int maxBytes)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9], header[10], header[11], header[12]) = (8, channels == 1 ? (byte)0 : (byte)2, 0, 0, 0);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Rows(width * channels, height, pixels));
        Chunk(file, "IEND"u8, []);
        return file.Length <= maxBytes
            ? file.ToArray()
            : throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The picture has {file.Length} bytes; at most {maxBytes} are given (max_output_bytes). Send a smaller input.");
    }

    private static byte[] Rows(int stride, int height, ReadOnlySpan<byte> pixels)
    {
        const byte Up = 2;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[stride + 1];
            for (var y = 0; y < height; y++)
            {
                row[0] = Up;
                for (var x = 0; x < stride; x++)
                {
                    row[x + 1] = (byte)(pixels[(y * stride) + x] - (y > 0 ? pixels[((y - 1) * stride) + x] : 0));
                }

                zlib.Write(row);
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var crc = Crc(Crc(uint.MaxValue, type), data) ^ uint.MaxValue;
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }
}
