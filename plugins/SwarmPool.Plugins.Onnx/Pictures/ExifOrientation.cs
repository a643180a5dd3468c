using System.Buffers.Binary;

namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>Which way up a picture is, as cameras note it.</summary>
/// <remarks>Source: CIPA DC-008 (Exif 2.32), section 4.6.2 and table 4: tag 0x0112, SHORT, in the first directory.</remarks>
internal static class ExifOrientation
{
    /// <summary>1 to 8; 1 for what says nothing or nothing sensible, as viewers have it.</summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        var isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 14 || (!isLittle && !tiff.StartsWith("MM\0*"u8)))
        {
            return 1;
        }

        var start = Four(tiff[4..], isLittle);
        if (start > tiff.Length - 2)
        {
            return 1;
        }

        var entries = Two(tiff[(int)start..], isLittle);
        var directory = tiff[((int)start + 2)..];
        for (var i = 0; i < entries && directory.Length >= 12; i++, directory = directory[12..])
        {
            if (Two(directory, isLittle) == 0x0112)
            {
                var value = Two(directory[8..], isLittle);
                return value is >= 1 and <= 8 ? value : 1;
            }
        }

        return 1;
    }

    private static ushort Two(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Four(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
