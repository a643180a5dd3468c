using System.Buffers.Binary;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Pictures;

internal enum PictureFormat
{
    Png,
    Jpeg,
    Webp,
}

/// <summary>
/// What a picture's file says of it, read before anything is set aside for its pixels: a file of a hundred bytes may promise a picture of
/// gigabytes, and a progressive JPEG may have thousands of scans over a large one.
/// </summary>
/// <param name="Format">Its form.</param>
/// <param name="Width">Pixels in a row, as they lie in the file.</param>
/// <param name="Height">Rows.</param>
/// <param name="Orientation">Exif's, 1 to 8; 1 when there is none.</param>
internal sealed record PictureHeader(PictureFormat Format, int Width, int Height, int Orientation)
{
    /// <summary>The most pixels a side.</summary>
    public const int MaxSide = 16_384;

    /// <summary>The most pixels: 72 MiB in colour.</summary>
    public const int MaxPixels = 24 * 1024 * 1024;

    /// <summary>The most scans of a JPEG; encoders make about ten.</summary>
    public const int MaxScans = 64;

    /// <exception cref="InferenceException">It is no such picture, or a larger one than is taken.</exception>
    public static PictureHeader Read(ReadOnlySpan<byte> file)
    {
        var header = file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
            ? ReadPng(file)
            : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            ? JpegHeader.Read(file)
            : file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8)
            ? WebpHeader.Read(file)
            : throw Refuse("it is not a PNG, JPEG or WebP picture");
        return header.Width is >= 1 and <= MaxSide && header.Height is >= 1 and <= MaxSide && (long)header.Width * header.Height <= MaxPixels
            ? header
            : throw new InferenceException($"The picture's header says {header.Width}×{header.Height}; at most {MaxSide} pixels a side and {MaxPixels} in all are taken. Send a smaller one.");
    }

    internal static InferenceException Refuse(string how, Exception? inner = null) => new($"The picture can't be read: {how}. Send a PNG, JPEG or WebP picture.", inner);

    private static PictureHeader ReadPng(ReadOnlySpan<byte> file)
    {
        if (file.Length < 33)
        {
            throw Refuse("it is cut off");
        }

        return new PictureHeader(PictureFormat.Png, Size(file[16..]), Size(file[20..]), PngOrientation(file[8..]));
    }

    private static int PngOrientation(ReadOnlySpan<byte> chunks)
    {
        while (chunks.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(chunks) is var length && length <= chunks.Length - 12)
        {
            if (chunks[4..].StartsWith("eXIf"u8))
            {
                return ExifOrientation.Read(chunks.Slice(8, (int)length));
            }

            chunks = chunks[((int)length + 12)..];
        }

        return 1;
    }

    // More than an int is more than is taken anyway.
    private static int Size(ReadOnlySpan<byte> number) => (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(number), int.MaxValue);
}
