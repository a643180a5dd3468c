using System.Buffers.Binary;
using System.IO.Compression;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>
/// Reads 8-bit PNG pictures (gray, RGB, palette, with or without alpha; not interlaced) as gray. It inflates exactly as
/// many bytes as the picture's size calls for, so neither huge dimensions nor a compression bomb costs more than that.
/// </summary>
/// <remarks>Source: PNG specification, third edition (W3C, 2025), sections 5, 7, 9 and 11. Checksums are not needed: a job's input is addressed by its hash.</remarks>
internal static class PngDecoder
{
    /// <summary>The most pixels a side may have.</summary>
    public const int MaxSide = 4096;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="InferenceException">The bytes are not such a picture; the message says why.</exception>
    public static GrayImage DecodeGray(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            throw new InferenceException("The input is not a PNG picture: its first eight bytes are not PNG's. Send an 8-bit PNG.");
        }

        PngHeader? header = null;
        ReadOnlySpan<byte> palette = [];
        using var compressed = new MemoryStream();
        for (var rest = file[Signature.Length..]; ;)
        {
            var type = NextChunk(ref rest, out var data);
            if (header is null && !type.SequenceEqual("IHDR"u8))
            {
                throw Damaged("it does not begin with its header");
            }

            if (type.SequenceEqual("IHDR"u8))
            {
                header = PngHeader.Read(data);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = data;
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                compressed.Write(data);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                compressed.Position = 0;
                return ToGray(header!, palette, Inflate(header!, compressed));
            }
        }
    }

    private static ReadOnlySpan<byte> NextChunk(scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> data)
    {
        if (rest.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - 12)
        {
            throw Damaged("it is cut off");
        }

        var type = rest.Slice(4, 4);
        data = rest.Slice(8, (int)length);
        rest = rest[((int)length + 12)..];
        return type;
    }

    /// <summary>The rows of the picture, filters undone.</summary>
    private static byte[] Inflate(PngHeader header, MemoryStream compressed)
    {
        var rows = new byte[header.Stride * header.Height];
        Span<byte> above = new byte[header.Stride];
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            for (var y = 0; y < header.Height; y++)
            {
                var filter = zlib.ReadByte();
                var row = rows.AsSpan(y * header.Stride, header.Stride);
                zlib.ReadExactly(row);
                PngFilter.Undo(filter, row, above, header.Channels);
                above = row;
            }
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException) // ZLibException is an IOException
        {
            throw Damaged("its compressed rows are broken or too few", wrong);
        }

        return rows;
    }

    private static GrayImage ToGray(PngHeader header, ReadOnlySpan<byte> palette, byte[] rows)
    {
        if (header.Channels == 1 && !header.IsPalette)
        {
            return new GrayImage(header.Width, header.Height, rows);
        }

        var gray = new byte[header.Width * header.Height];
        for (var i = 0; i < gray.Length; i++)
        {
            var pixel = rows.AsSpan(i * header.Channels, header.Channels);
            gray[i] = header switch
            {
                { IsPalette: true } => Entry(palette, pixel[0]),
                { Channels: 2 } => OverWhite(pixel[0], pixel[1]),
                { Channels: 3 } => Luma(pixel),
                _ => OverWhite(Luma(pixel), pixel[3]),
            };
        }

        return new GrayImage(header.Width, header.Height, gray);
    }

    private static byte Entry(ReadOnlySpan<byte> palette, byte index) => palette.Length >= (index + 1) * 3
        ? Luma(palette[(index * 3)..])
        : throw Damaged("it uses a colour that its palette does not have");

    // Rec. 601 in 1/256 parts.
    private static byte Luma(ReadOnlySpan<byte> rgb) => (byte)(((rgb[0] * 77) + (rgb[1] * 150) + (rgb[2] * 29)) >> 8);

    private static byte OverWhite(byte gray, byte alpha) => (byte)(((gray * alpha) + (255 * (255 - alpha)) + 127) / 255);

    internal static InferenceException Damaged(string how, Exception? inner = null) =>
        new($"The PNG picture can't be read: {how}. Send an 8-bit PNG that is not interlaced.", inner);
}
