namespace SwarmPool.Runtime.Metering;

/// <summary>Whether bytes begin as a picture's file does. What is counted is a file; that it can be decoded is for whoever decodes it.</summary>
internal static class PictureForm
{
    /// <summary>PNG, JPEG, WebP, GIF, BMP or TIFF.</summary>
    public static bool IsPicture(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])
        || file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8))
        || file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8)
        || (file.Length >= 26 && file.StartsWith("BM"u8))
        || file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8);
}
