using System.Buffers.Binary;
using System.IO.Compression;
using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Pictures;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>
/// Reads PNG pictures of every form (gray, RGB, palette, each with or without transparency; 1 to 16 bits; interlaced or not) as gray or in colour, on white.
/// It inflates exactly as many bytes as the picture's size calls for, so neither huge dimensions nor a compression bomb costs more than that.
/// </summary>
/// <remarks>Source: PNG specification, third edition (W3C, 2025), sections 5 to 9 and 11. Checksums are not needed: a job's input is addressed by its hash.</remarks>
internal static class PngDecoder
{
    /// <summary>The most pixels a side of a picture that becomes gray may have.</summary>
    public const int MaxGraySide = 4096;

    /// <summary>Takes a pixel of a row, to be written at a place of the picture.</summary>
    private delegate void Take(PngPixels pixels, ReadOnlySpan<byte> row, int pixel, int place);

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="InferenceException">The bytes are not such a picture; the message says why.</exception>
    public static GrayImage DecodeGray(ReadOnlySpan<byte> file)
    {
        byte[] gray = [];
        var header = Decode(
            file, MaxGraySide, header => gray = new byte[header.Width * header.Height], (pixels, row, pixel, place) => gray[place] = pixels.Gray(row, pixel));
        return new GrayImage(header.Width, header.Height, gray);
    }

    /// <summary>In colour; how many pixels it says to have was checked.</summary>
    /// <exception cref="InferenceException">The bytes are not such a picture; the message says why.</exception>
    public static RgbPicture DecodeRgb(ReadOnlySpan<byte> file)
    {
        byte[] rgb = [];
        var header = Decode(
            file,
            PictureHeader.MaxSide,
            header => rgb = new byte[header.Width * header.Height * RgbPicture.Channels],
            (pixels, row, pixel, place) => pixels.Rgb(row, pixel, rgb.AsSpan(place * RgbPicture.Channels)));
        return new RgbPicture(header.Width, header.Height, rgb);
    }

    private static PngHeader Decode(ReadOnlySpan<byte> file, int maxSide, Action<PngHeader> begin, Take take)
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
                header = PngHeader.Read(data, maxSide);
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
                begin(header!);
                Read(header!, new PngPixels(header!, palette, transparency), compressed, take);
                return header!;
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

    private static void Read(PngHeader header, PngPixels pixels, MemoryStream compressed, Take take)
    {
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            foreach (var pass in PngPass.Of(header))
            {
                Read(header, pass, pixels, zlib, take);
            }
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException) // ZLibException is an IOException
        {
            throw Damaged("its compressed rows are broken or too few", wrong);
        }
    }

    private static void Read(PngHeader header, PngPass pass, PngPixels pixels, ZLibStream zlib, Take take)
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
                take(pixels, row, i, (y * header.Width) + pass.X + (i * pass.StepX));
            }

            (row, above) = (above, row);
        }
    }

    internal static InferenceException Damaged(string how, Exception? inner = null) =>
        new($"The PNG picture can't be read: {how}. Send another one.", inner);
}
