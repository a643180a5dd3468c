using System.Buffers.Binary;
using System.IO.Compression;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>
/// Reads PNG pictures of every form (gray, RGB, palette, each with or without transparency; 1 to 16 bits; interlaced or not) as gray on white.
/// It inflates exactly as many bytes as the picture's size calls for, so neither huge dimensions nor a compression bomb costs more than that.
/// </summary>
/// <remarks>Source: PNG specification, third edition (W3C, 2025), sections 5 to 9 and 11. Checksums are not needed: a job's input is addressed by its hash.</remarks>
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
            throw new InferenceException("The input is not a PNG picture: its first eight bytes are not PNG's. Send a PNG.");
        }

        PngHeader? header = null;
        ReadOnlySpan<byte> palette = [];
        ReadOnlySpan<byte> transparency = [];
        using var compressed = new MemoryStream();
        for (var rest = file[Signature.Length..]; ;)
        {
            var type = NextChunk(ref rest, out var data);
            if (type.SequenceEqual("IHDR"u8) != header is null)
            {
                throw Damaged(header is null ? "it does not begin with its header" : "it has two headers");
            }

            if (type.SequenceEqual("IHDR"u8))
            {
                header = PngHeader.Read(data);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = Once(palette, data, compressed);
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                transparency = Once(transparency, data, compressed);
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                compressed.Write(data);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                compressed.Position = 0;
                return ToGray(header!, new PngPixels(header!, palette, transparency), compressed);
            }
        }
    }

    // What says how rows are to be understood comes before them, once; another decoder would take another one of two.
    private static ReadOnlySpan<byte> Once(ReadOnlySpan<byte> before, ReadOnlySpan<byte> data, MemoryStream rows) => before.IsEmpty && rows.Length == 0
        ? data
        : throw Damaged("its palette or transparency is there twice, or after its rows");

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

    private static GrayImage ToGray(PngHeader header, PngPixels pixels, MemoryStream compressed)
    {
        var gray = new byte[header.Width * header.Height];
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            foreach (var pass in PngPass.Of(header))
            {
                Read(header, pass, pixels, zlib, gray);
            }
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException) // ZLibException is an IOException
        {
            throw Damaged("its compressed rows are broken or too few", wrong);
        }

        return new GrayImage(header.Width, header.Height, gray);
    }

    private static void Read(PngHeader header, PngPass pass, PngPixels pixels, ZLibStream zlib, byte[] gray)
    {
        var width = pass.Width(header);
        var (row, above) = (new byte[header.Stride(width)], new byte[header.Stride(width)]);
        for (var y = pass.Y; y < header.Height; y += pass.StepY)
        {
            var filter = zlib.ReadByte();
            zlib.ReadExactly(row);
            PngFilter.Undo(filter, row, above, header.PixelBytes);
            for (var i = 0; i < width; i++)
            {
                gray[(y * header.Width) + pass.X + (i * pass.StepX)] = pixels.Gray(row, i);
            }

            (row, above) = (above, row);
        }
    }

    internal static InferenceException Damaged(string how, Exception? inner = null) =>
        new($"The PNG picture can't be read: {how}. Send another one.", inner);
}
