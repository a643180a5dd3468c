using System.Buffers.Binary;

namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>Reads a WebP's chunks: its size and orientation. Animations are refused.</summary>
/// <remarks>Source: RFC 9649, sections 2.3 to 2.7.</remarks>
internal static class WebpHeader
{
    public static PictureHeader Read(ReadOnlySpan<byte> file)
    {
        (int Width, int Height)? canvas = null;
        (int Width, int Height)? picture = null;
        var orientation = 1;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (size > rest.Length - 8)
            {
                throw PictureHeader.Refuse("it is cut off");
            }

            var data = rest.Slice(8, (int)size);
            if (rest.StartsWith("VP8X"u8) && data.Length >= 10)
            {
                canvas = (1 + Three(data[4..]), 1 + Three(data[7..]));
            }
            else if (rest.StartsWith("ANIM"u8) || rest.StartsWith("ANMF"u8))
            {
                throw PictureHeader.Refuse("it is an animation");
            }
            else if (rest.StartsWith("VP8 "u8) || rest.StartsWith("VP8L"u8))
            {
                picture = picture is null ? Picture(rest[3] == (byte)'L', data) : throw PictureHeader.Refuse("it has two pictures in it");
            }
            else if (rest.StartsWith("EXIF"u8))
            {
                orientation = ExifOrientation.Read(data.StartsWith("Exif\0\0"u8) ? data[6..] : data);
            }

            rest = rest[Math.Min(rest.Length, 8 + (int)size + ((int)size & 1))..];
        }

        var found = picture ?? throw PictureHeader.Refuse("it has no picture in it");
        return canvas is null || canvas == picture
            ? new PictureHeader(PictureFormat.Webp, found.Width, found.Height, orientation)
            : throw PictureHeader.Refuse("its header says another size than its picture");
    }

    private static (int Width, int Height) Picture(bool isLossless, ReadOnlySpan<byte> data)
    {
        if (isLossless && data.Length >= 5 && data[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return !isLossless && data.Length >= 10 && data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)
            : throw PictureHeader.Refuse("its picture has no header");
    }

    private static int Three(ReadOnlySpan<byte> number) => number[0] | (number[1] << 8) | (number[2] << 16);
}
