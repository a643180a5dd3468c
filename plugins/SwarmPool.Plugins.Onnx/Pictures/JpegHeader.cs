using System.Buffers.Binary;

namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>Reads a JPEG's markers: its size, its orientation, and how many scans it has.</summary>
/// <remarks>Source: ITU-T T.81, annex B.</remarks>
internal static class JpegHeader
{
    public static PictureHeader Read(ReadOnlySpan<byte> file)
    {
        var (width, height, orientation, scans, frames) = (0, 0, 1, 0, 0);
        var at = 2;
        while (NextMarker(file, ref at) is { } marker && marker != 0xD9)
        {
            // Restarts and TEM have no length.
            if (marker is >= 0xD0 and <= 0xD8 or 0x01)
            {
                continue;
            }

            if (at + 2 > file.Length || BinaryPrimitives.ReadUInt16BigEndian(file[at..]) is var length && (length < 2 || at + length > file.Length))
            {
                throw PictureHeader.Refuse("it is cut off");
            }

            var segment = file[(at + 2)..(at + length)];
            at += length;
            switch (marker)
            {
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    if (segment.Length < 6 || ++frames > 1)
                    {
                        throw PictureHeader.Refuse("its frame is broken, or there is another");
                    }

                    (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]));
                    break;
                case 0xE1 when segment.StartsWith("Exif\0\0"u8):
                    orientation = ExifOrientation.Read(segment[6..]);
                    break;
                case 0xDA when ++scans > PictureHeader.MaxScans:
                    throw PictureHeader.Refuse($"it has more than {PictureHeader.MaxScans} scans");
            }
        }

        return frames == 1 && scans > 0 ? new PictureHeader(PictureFormat.Jpeg, width, height, orientation) : throw PictureHeader.Refuse("it has no picture in it");
    }

    // What is between markers is entropy-coded data, in which FF 00 is no marker; FF may be repeated before one.
    private static byte? NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0)
            {
                break;
            }

            at += next;
            while (at < file.Length && file[at] == 0xFF)
            {
                at++;
            }

            if (at < file.Length && file[at++] is not 0 and var marker)
            {
                return marker;
            }
        }

        return null;
    }
}
